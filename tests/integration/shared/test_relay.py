"""The relay sends from memory what follows, reads the outbox for the rest, and repeats in order after a crash."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import ClassVar

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.local import Settings as LocalSettings
from shared.broker.connection import make_producer
from shared.kernel import Cause, Event
from shared.mongo import Database, Document, InsertOne, Mongo, Tx
from shared.relay import Outbox, Relay, handover, sending, topics
from shared.relay.handover import Place, place_of
from shared.relay.outbox import PAGE_BYTES
from shared.relay.sender import Sender
from shared.settings import Settings
from shared.testing import eventually
from tests.integration.shared.limits import limit
from tests.integration.shared.standing import numbers

CAUSE = Cause("corr-1", "cause-1")


class ThingDone(Event):
    """A thing of the test was done."""

    TYPE: ClassVar[str] = "ru.rsoko.test.thing.done.v1"
    thing: str

    @property
    def key(self) -> str:
        return self.thing


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch, topic: str) -> list[Place]:
    """What was acknowledged by the broker, in order."""
    found: list[Place] = []
    genuine = Sender.send

    async def send(self: Sender, rows: Sequence[Document]) -> AsyncIterator[Sequence[Document]]:
        async for sent in genuine(self, rows):
            found.extend(place_of(row) for row in sent)
            yield sent

    monkeypatch.setattr(Sender, "send", send)
    monkeypatch.setattr(ThingDone, "topic", classmethod(lambda _: topic))
    return found


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each read of the outbox found, where the time gives no cause for one."""
    found: list[int] = []
    genuine = Outbox.page

    async def page(self: Outbox, after: Document | None, *, by_others: bool = False) -> list[Document]:
        rows = await genuine(self, after, by_others=by_others)
        found.append(len(rows))
        return rows

    monkeypatch.setattr(Outbox, "page", page)
    monkeypatch.setattr(sending, "POLL_SECONDS", 60.0)
    return found


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No neighbour gives cause for a read either."""

    async def listen(self: Relay) -> None:
        del self

    monkeypatch.setattr(Relay, "_listen", listen)


@pytest.fixture
async def neighbour(settings: Settings, database: Database) -> AsyncIterator[Database]:
    """The same database as another process has it."""
    mongo = Mongo(settings.mongo.get_secret_value(), by="neighbour")
    yield mongo.database(database.name)
    mongo.close()


@pytest.fixture
def pair(database: Database, neighbour: Database) -> tuple[Database, Database]:
    """One database as two processes have it."""
    return database, neighbour


@asynccontextmanager
async def relaying(settings: Settings, database: Database, owner: str = "one") -> AsyncIterator[Relay]:
    relay = Relay(database, owner=owner, producer=_producer(settings))
    relay.start()
    await eventually(lambda: relay.leading and not relay._handover.doubtful, what="the relay leads")
    yield relay
    await relay.stop()


def _producer(settings: Settings) -> Callable[[], AIOKafkaProducer]:
    return lambda: make_producer(settings, "relay")


async def tell(database: Database, thing: str, times: int = 1) -> None:
    async def body(tx: Tx) -> None:
        for _ in range(times):
            tx.tell(ThingDone(thing=thing), CAUSE)

    await database.transact(body)


@pytest.mark.usefixtures("alone")
async def test_what_this_process_commits_is_sent_without_a_read(
    settings: Settings, database: Database, sent: list[Place], reads: list[int]
) -> None:
    async with relaying(settings, database):
        await eventually(lambda: bool(reads), what="what was there is read")
        before = len(reads)
        for _ in range(5):
            await tell(database, "a", 2)
        await eventually(lambda: len(sent) == 10, what="all are sent")
        assert len(reads) == before
        await eventually(lambda: _empty(database), what="the outbox is swept")
    assert sent == [("a", number) for number in range(1, 11)]


async def _empty(database: Database) -> bool:
    return await database.count("outbox", {}) == 0


def _has(sent: list[Place], place: Place) -> bool:
    return place in sent


async def test_of_two_processes_only_the_rows_of_the_other_one_are_read(
    settings: Settings, pair: tuple[Database, Database], sent: list[Place], reads: list[int]
) -> None:
    database, neighbour = pair
    async with relaying(settings, database):
        await tell(neighbour, "b")
        await eventually(lambda: sent == [("b", 1)], what="a hint was heard")
        await eventually(lambda: _empty(database), what="the outbox is swept")
        before = len(reads)
        for number in range(2, 7):
            await asyncio.gather(tell(neighbour, "b"), tell(database, "a", 3))
            await eventually(partial(_has, sent, ("b", number)), what="the neighbour's row is sent")
        await eventually(lambda: len(sent) == 21, what="all are sent")
    assert sum(reads[before:]) == 5, "each row of the neighbour is read once, none of ours"


async def test_rows_of_two_processes_leave_in_the_order_of_their_numbers(
    settings: Settings, database: Database, neighbour: Database, sent: list[Place]
) -> None:
    async with relaying(settings, database):
        for _ in range(20):
            await asyncio.gather(
                tell(neighbour, "a"), tell(database, "a", 2), tell(database, "b"), tell(neighbour, "b")
            )
        await eventually(lambda: len(sent) >= 100, what="all are sent")
    for thing, count in (("a", 60), ("b", 40)):
        in_order = [number for stream, number in sent if stream == thing]
        assert in_order == list(range(1, count + 1))


@pytest.mark.usefixtures("alone")
async def test_what_a_killed_relay_had_sent_and_not_swept_is_sent_again_in_order(
    settings: Settings, database: Database, sent: list[Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "QUIET_SECONDS", 60.0)
    monkeypatch.setattr(sending, "POLL_SECONDS", 60.0)
    async with relaying(settings, database) as relay:
        await tell(database, "a", 3)
        await eventually(lambda: len(sent) == 3, what="three are sent")
        for task in relay._tasks:
            task.cancel()
        await asyncio.gather(*relay._tasks, return_exceptions=True)
        assert await database.count("outbox", {}) == 3
    await tell(database, "a")
    async with relaying(settings, database):
        await eventually(lambda: len(sent) == 7, what="all are sent again")
    assert [number for _, number in sent] == [1, 2, 3, 1, 2, 3, 4]
    assert await _empty(database)


async def _put(database: Database, topic: str, stream: str, *sizes: int) -> None:
    """Rows of these sizes, as a version that did not count may have left them."""
    await database.write(
        "outbox",
        [
            InsertOne(
                {
                    "_id": {"k": stream, "s": number}, "by": "before", "at": database.mongo.clock(), "topic": topic,
                    "key": stream.encode(), "headers": {"ce_sequence": str(number)}, "value": b"x" * size,
                }
            )
            for number, size in enumerate(sizes, 1)
        ],
    )  # fmt: skip


@pytest.mark.parametrize("size", [2_000_000, 5_000_000], ids=["by the broker", "by the producer"])
async def test_a_message_refused_for_its_size_holds_its_own_stream_and_no_other(  # noqa: PLR0917 - fixtures come by name
    settings: Settings, database: Database, stores: LocalSettings, topic: str, sent: list[Place], size: int
) -> None:
    """Nothing is dropped, nothing goes past it, and it goes once the topic takes it."""
    await limit(stores, topic, 1_048_576)
    await _put(database, topic, "big", 100, size, 100)
    async with relaying(settings, database) as relay:
        for _ in range(3):
            await tell(database, "a")
            await tell(database, "b")
        wanted = {("big", 1), *((stream, number) for stream in "ab" for number in (1, 2, 3))}
        await eventually(lambda: wanted <= set(sent), what="the others are sent, and what is before it")
        assert not relay.alive(), "told in the health"
    assert not {("big", 2), ("big", 3)} & set(sent)
    assert set(await numbers(stores.kafka_address, topic, b"big")) == {1}, "nothing went past it"
    left = await database.find("outbox", {"_id.k": "big"}, sort=[("_id", 1)])
    assert [row["_id"]["s"] for row in left] == [2, 3]
    if size < 4_194_304:
        await limit(stores, topic, 4_194_304)
        async with relaying(settings, database):
            await eventually(lambda: _empty(database), what="the topic takes it")
        found = await numbers(stores.kafka_address, topic, b"big")
        assert found[-2:] == [2, 3]


async def test_where_a_topic_takes_less_than_a_batch_its_rows_go_one_by_one_and_only_the_large_one_is_held(  # noqa: PLR0917 - fixtures come by name
    settings: Settings, database: Database, stores: LocalSettings, topic: str, sent: list[Place]
) -> None:
    """Kafka refuses a batch of many small rows as it refuses one row that is large, and does not say which."""
    await limit(stores, topic, 20_480)
    await _put(database, topic, "small", *[1_000] * 100)
    await _put(database, topic, "big", 100, 30_000, 100)
    async with relaying(settings, database) as relay:
        wanted = {("big", 1), *(("small", number) for number in range(1, 101))}
        await eventually(lambda: wanted <= set(sent), what="all that the topic takes")
        await eventually(lambda: relay._handover.held == {"big": 2}, what="the one that it refuses is named")
        await tell(database, "other")
        await eventually(lambda: ("other", 1) in sent, what="nothing else waits")
        assert not relay.alive(), "told in the health"
    assert await numbers(stores.kafka_address, topic, b"small") == [*range(1, 101)]
    assert set(await numbers(stores.kafka_address, topic, b"big")) == {1}, "nothing went past it"


async def test_a_missing_topic_holds_what_goes_there_and_nothing_is_sent_twice(  # noqa: PLR0917 - fixtures come by name
    settings: Settings, database: Database, topic: str, monkeypatch: pytest.MonkeyPatch, sent: list[Place]
) -> None:
    """It goes by itself as soon as the topic is there."""
    for module in (handover, topics):
        monkeypatch.setattr(module, "HELD_SECONDS", 1.0)
    missing = f"{topic}.later"
    await _put(database, topic, "a", 10, 10)
    for number in range(1200):
        await _put(database, missing, f"m{number:04}", 10)
    await _put(database, topic, "z", 10, 10)
    async with relaying(settings, database) as relay:
        await eventually(lambda: len(sent) == 4, what="what goes elsewhere")
        for number in range(1, 4):
            await tell(database, "later")
            await eventually(lambda number=number: ("later", number) in sent, within=15, what="what is new goes")
            assert not relay.alive(), "told in the health, also between two attempts"
        admin = AIOKafkaAdminClient(bootstrap_servers=list(settings.kafka))
        await admin.start()
        await admin.create_topics([NewTopic(name=missing, num_partitions=1, replication_factor=1)])
        await admin.close()
        await eventually(lambda: _empty(database), what="the topic is there")
        await eventually(relay.alive, what="told in the health")
    assert len(sent) == len(set(sent)) == 1200 + 7


@pytest.mark.usefixtures("alone")
async def test_of_large_rows_few_are_in_memory_at_once(  # noqa: PLR0917 - fixtures come by name
    settings: Settings, database: Database, topic: str, sent: list[Place], reads: list[int]
) -> None:
    """Copies of dead letters have up to a megabyte: a thousand of them would be more than the process may take."""
    rows, size = 40, 500_000
    await _put(database, topic, "large", *[size] * rows)
    async with relaying(settings, database):
        await eventually(lambda: len(sent) == rows, what="all are sent")
    assert sent == [("large", number) for number in range(1, rows + 1)]
    assert max(reads) <= PAGE_BYTES // size + 1


async def test_who_no_longer_leads_is_held_up_by_nothing(
    settings: Settings, database: Database, stores: LocalSettings, topic: str
) -> None:
    """The message is the next leader's trouble now, who may well be able to send it."""
    await limit(stores, topic, 1_048_576)
    await _put(database, topic, "big", 3_000_000)
    async with relaying(settings, database) as relay:
        await eventually(lambda: not relay.alive(), what="told in the health")
        other = {"owner": "two", "epoch": {"$add": ["$epoch", 1]}, "expires": {"$add": ["$$NOW", 60_000]}}
        await database.update("leases", {"_id": "relay"}, [{"$set": other}])
        await eventually(lambda: not relay.leading, what="fenced")
        assert relay.alive()
