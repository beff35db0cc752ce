"""A network that carries nothing and says nothing: who asks is answered in time, and the process goes on."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from deploy.local import Settings as LocalSettings
from shared.kernel import Unavailable
from shared.mongo import Database, Mongo, Tx, UpdateOne, errors
from shared.testing import eventually
from tests.integration.shared.network import Network, network

# More than the driver has threads on any machine of ours.
MANY = 200
# How late the loop may wake a task on a busy machine; a silent connection is given up after 20 s.
LATE = 5.0


@pytest.fixture
async def sick(stores: LocalSettings) -> AsyncIterator[Network]:
    async with network(f"127.0.0.1:{stores.mongo_port}") as found:
        yield found


@pytest.fixture
async def behind(sick: Network, database: Database) -> AsyncIterator[Database]:
    mongo = Mongo(f"mongodb://{sick.address}/?directConnection=true", by="behind")
    found = mongo.database(database.name)
    await found.find_one("things", {})
    yield found
    sick.recover()
    await eventually(lambda: _answers(mongo), what="MongoDB answers again")
    await asyncio.to_thread(mongo.close)  # it asks the server, and the way there is by this loop


async def _answers(mongo: Mongo) -> bool:
    try:
        await mongo.ping()
    except Unavailable:
        return False
    return True


class Pulse:
    """Notes the longest time in which the loop let nobody go on."""

    def __init__(self) -> None:
        self.longest, self.over = 0.0, False

    async def beat(self) -> None:
        while not self.over:
            began = time.monotonic()
            await asyncio.sleep(0.01)
            self.longest = max(self.longest, time.monotonic() - began)


async def test_the_loop_goes_on_while_a_transaction_is_given_up(sick: Network, behind: Database) -> None:
    async def body(tx: Tx) -> None:
        await tx.find_one("things", {})
        sick.fall_silent()
        await tx.find_one("things", {})

    pulse = Pulse()
    beating = asyncio.create_task(pulse.beat())
    with pytest.raises(Unavailable):
        await behind.transact(body, deadline=0.5)
    pulse.over = True
    await beating
    assert pulse.longest < LATE


async def test_what_a_given_up_transaction_held_is_free_once_the_network_is_well(
    sick: Network, behind: Database, database: Database
) -> None:
    await database.update("things", {"_id": 1}, {"$set": {"by": "nobody"}}, upsert=True)

    async def body(tx: Tx) -> None:
        await tx.write("things", [_set("first")])
        sick.fall_silent()
        await tx.find_one("things", {})

    with pytest.raises(Unavailable):
        await behind.transact(body, deadline=0.5)
    sick.recover()

    async def again(tx: Tx) -> None:
        await tx.write("things", [_set("second")])

    await database.transact(again)
    assert (await database.find_one("things", {}) or {})["by"] == "second"


async def test_many_readers_are_answered_in_time(
    sick: Network, behind: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errors, "READ_SECONDS", 0.5)
    sick.fall_silent()
    began = time.monotonic()
    told = await asyncio.gather(*(behind.find_one("things", {}) for _ in range(MANY)), return_exceptions=True)
    assert {type(one) for one in told} == {Unavailable}
    assert time.monotonic() - began < LATE


async def test_a_page_that_does_not_come_is_given_up(
    sick: Network, behind: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errors, "READ_SECONDS", 0.5)
    sick.fall_silent()
    with pytest.raises(Unavailable):
        async for _ in behind.stream("things", {}):
            pass


def _set(by: str) -> UpdateOne:
    return UpdateOne({"_id": 1}, {"$set": {"by": by}})
