"""A relay that another one has overtaken deletes and sends nothing more of what it knew, also when it leads again."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from deploy.local import Settings as LocalSettings
from shared.broker.connection import make_producer
from shared.mongo import Database, Document, Fenced, Mongo
from shared.relay import Lease, Outbox, Relay, sending
from shared.relay.handover import Handover
from shared.settings import Settings
from shared.testing import eventually
from tests.integration.shared.standing import numbers
from tests.integration.shared.test_relay import ThingDone, tell

# So long is a lease of the test that nobody looks after it of itself, and so short where it is to be looked after.
LONG, SHORT = 60.0, 0.3


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch, topic: str) -> None:
    """Things are told in the topic of the test, and the time gives no cause to read the outbox."""
    monkeypatch.setattr(ThingDone, "topic", classmethod(lambda _: topic))
    monkeypatch.setattr(sending, "POLL_SECONDS", 60.0)


async def _overtaken(database: Database, owner: str) -> None:
    theirs = {"owner": owner, "epoch": {"$add": ["$epoch", 1]}, "expires": {"$add": ["$$NOW", 60_000]}}
    assert await database.update("leases", {"_id": "relay"}, [{"$set": theirs}])


async def _empty(database: Database) -> bool:
    return await database.count("outbox", {}) == 0


@asynccontextmanager
async def _relaying(settings: Settings, database: Database, owner: str) -> AsyncIterator[Relay]:
    relay = Relay(database, owner=owner, producer=lambda: make_producer(settings, owner), lease=LONG)
    relay.start()
    await eventually(lambda: relay.leading, what="the relay leads")
    yield relay
    await relay.stop()


async def test_what_was_handed_over_before_another_sent_it_is_not_sent_once_more_when_it_leads_again(  # noqa: PLR0917 - fixtures come by name
    settings: Settings, database: Database, stores: LocalSettings, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mongo = Mongo(settings.mongo.get_secret_value(), by="neighbour")
    async with _relaying(settings, database, "one") as one:
        await tell(database, "a")
        await eventually(lambda: _empty(database), what="the first is sent and swept")
        await _overtaken(database, "two")
        genuine = one._handover.put

        def put(rows: Sequence[Document]) -> None:
            genuine(rows)
            one._lease.seconds, one._lease.renewed = SHORT, 0.0

        monkeypatch.setattr(one._handover, "put", put)
        await tell(database, "a")
        await eventually(lambda: not one.leading, what="fenced with a row in its hands")
        neighbour = mongo.database(database.name)
        async with _relaying(settings, neighbour, "two"):
            await tell(neighbour, "a")
            await eventually(lambda: _empty(database), what="the other one sends both")
        await eventually(lambda: one.leading, what="it leads again")
        await tell(database, "a")
        await eventually(lambda: _empty(database), what="all is sent")
    mongo.close()
    assert await numbers(stores.kafka_address, topic, b"a") == [1, 2, 3, 4]


async def test_who_was_overtaken_deletes_nothing(database: Database) -> None:
    """The next leader sends again what it finds, in order: a hole in it would be a row that nobody has."""
    lease, handover = Lease(database, "one"), Handover()
    assert await lease.acquire()
    await tell(database, "a", 2)
    outbox = Outbox(database, lease, handover)
    handover.sent((await outbox.page(None))[:1])
    await _overtaken(database, "two")
    with pytest.raises(Fenced):
        await outbox.sweep()
    assert (await database.count("outbox", {}), handover.left) == (2, 1)
