"""A worker that takes partitions over while much waits: nothing that was polled before it knew its place is passed."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaTimeoutError

from shared.broker import positions
from shared.broker.ends import true_ends
from shared.broker.polling import Polling
from shared.mongo import Database, UpdateOne
from shared.settings import Settings
from shared.testing import eventually
from tests.integration.shared.test_broker import _seen_is, consuming, headers, seen, sending, value
from tests.integration.shared.toys import Counting

# Several polls, each of as much as one may bring.
WAITING = range(1000, 3500)
WITH, WITHOUT = 3, 8


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """The places of what was just assigned are known only after some polls with records, or more of them without."""
    polled: asyncio.Queue[bool] = asyncio.Queue()

    async def poll(self: Polling, consumer: AIOKafkaConsumer) -> tuple[Any, ...]:
        records = await genuine(self, consumer)
        polled.put_nowait(bool(records))
        return records

    async def ends(consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
        found = await true_ends(consumer, partitions)
        outcomes: list[bool] = []
        while outcomes.count(True) < WITH and len(outcomes) < WITHOUT:
            outcomes.append(await polled.get())
        return found

    genuine = Polling.poll
    monkeypatch.setattr(Polling, "poll", poll)
    monkeypatch.setattr(positions, "true_ends", ends)


async def _much(producer: AIOKafkaProducer, topic: str) -> None:
    sent = [await producer.send(topic, value("a", number), headers=headers(), partition=0) for number in WAITING]
    for one in sent:
        await one


@pytest.mark.parametrize("stored", [3, 1])
async def test_what_waits_is_handled_whole_however_late_the_places_are_known(  # noqa: PLR0917 - fixtures come by name
    settings: Settings, database: Database, topic: str, request: pytest.FixtureRequest, stored: int
) -> None:
    """Where Kafka's commit is the stored place, and where it is ahead of it, as after a restore."""
    counting = Counting(database)
    async with sending(settings) as producer:
        async with consuming(settings, database, topic, counting.take):
            for number in (1, 2, 3):
                await producer.send_and_wait(topic, value("a", number), headers=headers(), partition=0)
            # A partition without any commit would make the first polls fail, and hide the others.
            for partition in (1, 2):
                await producer.send_and_wait(topic, value("b", partition), headers=headers(), partition=partition)
            await eventually(lambda: _seen_is(database, "a", [1, 2, 3]))
            await eventually(lambda: _count(database, "b", 2))
        await _much(producer, topic)
    change = UpdateOne({"_id": f"g-{topic}|{topic}|0"}, {"$set": {"next": stored}})
    await database.write("positions", [change])
    request.getfixturevalue("slow")
    again = [1, 2, 3][stored:]
    async with consuming(settings, database, topic, counting.take):
        await eventually(lambda: _last(database, WAITING[-1]), what="the last of what waits")
    assert list(await seen(database, "a")) == [1, 2, 3, *again, *WAITING]


async def test_where_nobody_leads_a_partition_its_end_is_asked_for_no_longer_than_anything_else(
    settings: Settings, topic: str
) -> None:
    asking = AIOKafkaConsumer(bootstrap_servers=list(settings.kafka), request_timeout_ms=500)
    await asking.start()
    try:
        with pytest.raises(KafkaTimeoutError):
            async with asyncio.timeout(10):
                await true_ends(asking, [TopicPartition(topic, 99)])
    finally:
        await asking.stop()


async def _count(database: Database, thing: str, count: int) -> bool:
    return len(await seen(database, thing)) == count


async def _last(database: Database, number: int) -> bool:
    return number in await seen(database, "a")
