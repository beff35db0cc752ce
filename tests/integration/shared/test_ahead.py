"""Reading ahead: one batch, never decided on, in order after whatever happened to the batch before it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import CorruptRecordException

from shared.batch import Batch
from shared.broker import Kafka
from shared.broker.consumer import Consumer
from shared.envelope import Opened
from shared.kernel import Unavailable
from shared.mongo import Database, UpdateOne
from shared.settings import Settings
from shared.testing import eventually
from tests.integration.shared.test_broker import headers, listener, seen, sending, value
from tests.integration.shared.toys import Counting, ThingDone


class Gate:
    """A use case that waits before each batch until it is let through, and remembers what was read and taken."""

    def __init__(self, database: Database) -> None:
        self.counting = Counting(database)
        self.read: list[int] = []
        self.taken: list[int] = []
        self.open = asyncio.Event()
        self.troubles = 0

    def reader(self, opened: Opened) -> ThingDone:
        event = ThingDone.model_validate_json(opened.data)
        self.read.append(event.number)
        return event

    async def take(self, batch: Batch[ThingDone]) -> None:
        self.taken += [heard.event.number for heard in batch.heard]
        await self.open.wait()
        if self.troubles:
            self.troubles -= 1
            raise Unavailable("mongodb")
        await self.counting.take(batch)


@asynccontextmanager
async def gated(settings: Settings, database: Database, topic: str, gate: Gate) -> AsyncIterator[Consumer]:
    """A consumer of one record per batch."""
    kafka = Kafka(settings, "test", settings.instance)
    plain = listener(topic, gate.take)
    consumer = kafka.listen(replace(plain, readers={topic: {ThingDone.TYPE: gate.reader}}, max_records=1), database)
    kafka.start()
    try:
        await eventually(kafka.assigned, what="assigned")
        yield consumer
    finally:
        gate.open.set()
        await kafka.stop()


async def send(producer: AIOKafkaProducer, topic: str, numbers: Sequence[int]) -> None:
    for number in numbers:
        await producer.send_and_wait(topic, value("a", number), key=b"a", headers=headers(), partition=0)


async def is_seen(database: Database, wanted: Sequence[int]) -> bool:
    return list(await seen(database, "a")) == list(wanted)


async def committed(consumer: Consumer, topic: str) -> int | None:
    inner = consumer.get()
    assert inner is not None
    found: int | None = await inner.committed(TopicPartition(topic, 0))
    return found


async def test_one_batch_is_read_ahead_and_neither_taken_nor_committed(
    settings: Settings, database: Database, topic: str
) -> None:
    gate = Gate(database)
    async with sending(settings) as producer, gated(settings, database, topic, gate) as consumer:
        await send(producer, topic, [1, 2, 3, 4])
        await eventually(lambda: gate.read == [1, 2], what="the second read while the first is being stored")
        assert gate.taken == [1]
        assert await committed(consumer, topic) is None
        gate.open.set()
        await eventually(lambda: is_seen(database, [1, 2, 3, 4]))
        assert gate.read == gate.taken == [1, 2, 3, 4]
        await eventually(lambda: _committed_is(consumer, topic, 4), what="the stored place told to Kafka")


async def _committed_is(consumer: Consumer, topic: str, wanted: int) -> bool:
    return await committed(consumer, topic) == wanted


async def test_a_batch_that_is_given_back_comes_again_before_what_was_read_ahead(
    settings: Settings, database: Database, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.broker.consumer.PATIENCE", 0.01)
    gate = Gate(database)
    gate.troubles = 3
    async with sending(settings) as producer, gated(settings, database, topic, gate):
        await send(producer, topic, [1, 2, 3])
        await eventually(lambda: gate.read == [1, 2], what="one read ahead")
        gate.open.set()
        await eventually(lambda: is_seen(database, [1, 2, 3]))
    assert gate.read.count(2) > 1


async def test_an_overtaken_worker_drops_what_it_read_ahead(settings: Settings, database: Database, topic: str) -> None:
    gate = Gate(database)
    async with sending(settings) as producer, gated(settings, database, topic, gate):
        await send(producer, topic, [1, 2, 3])
        await eventually(lambda: gate.read == [1, 2], what="one read ahead")
        # Another worker has meanwhile taken the first two.
        taken = UpdateOne({"_id": f"g-{topic}|{topic}|0", "next": 0}, {"$set": {"next": 2}})
        assert await database.write("positions", [taken]) == 1, "the place is stored before a record is taken from it"
        gate.open.set()
        await eventually(lambda: is_seen(database, [3]))
    assert gate.taken == [1, 3]


async def test_workers_that_come_and_go_take_each_record_once_and_in_order(
    settings: Settings, database: Database, topic: str
) -> None:
    def working(name: str) -> Kafka:
        kafka = Kafka(settings, "test", f"{settings.instance}-{name}")
        kafka.listen(replace(listener(topic, Counting(database).take), max_records=3), database)
        kafka.start()
        return kafka

    async def all_seen() -> bool:
        return sum([len(await seen(database, f"t{part}")) for part in range(3)]) == 600

    async with sending(settings) as producer:
        first = working("one")
        await eventually(first.assigned, what="assigned")
        sent: list[Any] = [
            await producer.send(topic, value(f"t{n % 3}", 100 + n), headers=headers(), partition=n % 3)
            for n in range(600)
        ]
        await asyncio.gather(*sent)
        second = working("two")
        await eventually(second.assigned, what="the second assigned")
        await first.stop()
        await eventually(all_seen, what="all taken")
        await second.stop()
    for part in range(3):
        assert list(await seen(database, f"t{part}")) == [100 + n for n in range(600) if n % 3 == part]


async def test_what_a_failed_poll_had_already_taken_comes_again(
    settings: Settings, database: Database, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the record of another partition cannot be read: aiokafka forgets those that it has just taken."""
    genuine, failed = AIOKafkaConsumer.getmany, []

    async def getmany(self: AIOKafkaConsumer, *which: TopicPartition, **how: Any) -> Any:
        polled = await genuine(self, *which, **how)
        if polled and not failed:
            failed.append(polled)
            raise CorruptRecordException
        return polled

    monkeypatch.setattr(AIOKafkaConsumer, "getmany", getmany)
    gate = Gate(database)
    gate.open.set()
    async with sending(settings) as producer, gated(settings, database, topic, gate):
        await send(producer, topic, [1, 2])
        await eventually(lambda: is_seen(database, [1, 2]))
    assert failed
