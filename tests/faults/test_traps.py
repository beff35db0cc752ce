"""Traps that a trial of this design fell into, each on the real store and the real broker."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from deploy.local import Platform, mongodb
from deploy.local import Settings as LocalSettings
from shared.broker.connection import make_producer
from shared.kernel import Cause, Event, Unavailable
from shared.mongo import Database, Fenced, Mongo, Tx, UpdateOne
from shared.relay import Relay
from shared.settings import Settings
from shared.testing import eventually
from tests.integration.shared.test_broker import consuming, headers, sending, value
from tests.integration.shared.toys import Counting

CAUSE = Cause("corr-1", "cause-1")
FAIL = "configureFailPoint"


class ThingMoved(Event):
    """A thing of the test was moved."""

    TYPE: ClassVar[str] = "ru.rsoko.test.thing.moved.v1"
    thing: str

    @property
    def key(self) -> str:
        return self.thing


async def _tell(tx: Tx) -> None:
    await tx.insert("things", [{"_id": "a"}])
    tx.tell(ThingMoved(thing="a"), CAUSE)


@pytest.fixture(scope="module")
def breakable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSettings]:
    """A MongoDB that fails on demand."""
    platform = Platform(LocalSettings.spare(Path(tmp_path_factory.mktemp("breakable"))))
    program = mongodb.prepare(platform._made())
    platform._start(replace(program, argv=(*program.argv, "--setParameter", "enableTestCommands=1")))
    yield platform.settings
    platform.down()


@pytest.fixture
async def failing(breakable: LocalSettings) -> AsyncIterator[Database]:
    """An empty database there."""
    mongo = Mongo(breakable.mongo_uri, by="test")
    database = mongo.database("failing")
    await database.drop()
    yield database
    await _fail(database, mode="off")
    mongo.close()


async def _fail(database: Database, *, mode: Any, **how: Any) -> None:
    data = {"failCommands": ["commitTransaction"], **how}
    await database._client.admin.command({FAIL: "failCommand", "mode": mode, "data": data})


async def test_a_conflict_at_commit_runs_the_whole_again_and_tells_once(failing: Database) -> None:
    await _fail(failing, mode={"times": 2}, errorCode=112, errorLabels=["TransientTransactionError"])
    runs = []

    async def body(tx: Tx) -> None:
        runs.append(tx)
        await _tell(tx)

    await failing.transact(body)
    assert len(runs) == 3
    assert await failing.count("outbox", {}) == 1


async def test_a_commit_whose_outcome_is_unknown_is_committed_again_and_not_run_again(failing: Database) -> None:
    unknown = {"code": 64, "errmsg": "waiting for replication timed out", "errInfo": {"wtimeout": True}}
    await _fail(failing, mode={"times": 1}, writeConcernError=unknown)
    runs = []

    async def body(tx: Tx) -> None:
        runs.append(tx)
        await _tell(tx)

    await failing.transact(body)
    assert len(runs) == 1
    assert await failing.count("outbox", {}) == 1


async def test_a_caught_duplicate_has_already_aborted_what_was_written_before_it(database: Database) -> None:
    await database.transact(_tell)

    async def body(tx: Tx) -> None:
        await tx.insert("things", [{"_id": "b"}])
        await tx.insert("things", [{"_id": "a"}])
        with pytest.raises(Exception, match="E11000"):
            await tx.find("things", {})

    with pytest.raises(Unavailable):
        await database.transact(body, deadline=1.0)
    assert [row["_id"] for row in await database.find("things", {})] == ["a"]


async def test_a_relay_that_slept_past_its_lease_marks_nothing_as_sent(settings: Settings, database: Database) -> None:
    await database.transact(_tell)
    sleeper = Relay(database, owner="one", producer=lambda: make_producer(settings, "one"), lease=60.0)
    assert await sleeper._lease.acquire()
    sleeper._handover.sent(await sleeper._outbox.page(None))
    other = Relay(database, owner="two", producer=lambda: make_producer(settings, "two"))
    assert not await other._lease.acquire()
    sleeper._lease.seconds = 0.1
    await sleeper._lease.renew()
    await eventually(other._lease.acquire, what="the lease is over")
    with pytest.raises(Fenced):
        await sleeper._outbox.sweep()
    with pytest.raises(Fenced):
        await sleeper._lease.renew()
    assert await database.count("outbox", {}) == 1
    other._handover.sent(await other._outbox.page(None))
    await other._outbox.sweep()
    assert await database.count("outbox", {}) == 0


@pytest.mark.parametrize("wrong", [({"cluster": "another"}, "cluster is"), ({"next": 1_000_000}, "outside")])
async def test_a_store_that_does_not_fit_the_broker_stops_the_consumer_instead_of_skipping(
    settings: Settings, database: Database, topic: str, wrong: tuple[dict[str, Any], str]
) -> None:
    change, why = wrong
    counting = Counting(database)
    async with sending(settings) as producer:
        async with consuming(settings, database, topic, counting.take):
            await producer.send_and_wait(topic, value("a", 1), headers=headers(), partition=0)
            await eventually(lambda: database.find_one("sums", {"_id": "a"}), what="the first record")
        await database.write("positions", [UpdateOne({"_id": f"g-{topic}|{topic}|0"}, {"$set": change})])
        await producer.send_and_wait(topic, value("a", 2), headers=headers(), partition=0)
        await producer.send_and_wait(topic, value("b", 3), headers=headers(), partition=1)
        async with consuming(settings, database, topic, counting.take) as kafka:
            await eventually(kafka.halted, what="a halted partition")
            await eventually(lambda: database.find_one("sums", {"_id": "b"}), what="the other partitions go on")
            assert why in kafka.halted()[f"g-{topic}|{topic}|0"]
    assert (await database.find_one("sums", {"_id": "a"}) or {})["seen"] == [1]
