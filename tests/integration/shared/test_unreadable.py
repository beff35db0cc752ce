"""What cannot be read: its partition halts before it with the reason; what is only too large is a dead letter."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.consumer.fetcher import PartitionRecords
from aiokafka.errors import CorruptRecordException

from shared.mongo import Database
from shared.settings import Settings
from shared.testing import eventually
from tests.integration.shared.test_broker import _seen_is, consuming, headers, sending, value
from tests.integration.shared.toys import Counting

BAD = 2


@contextmanager
def unreadable(monkeypatch: pytest.MonkeyPatch, error: Exception, *, times: int = 1_000_000) -> Iterator[list[int]]:
    """The record at `BAD` of partition 1 cannot be read, so often; the broker itself would take no such record."""
    genuine, failed = PartitionRecords._consumer_record, []

    def read(self: PartitionRecords, partition: TopicPartition, record: Any) -> Any:
        if (partition.partition, record.offset) == (1, BAD) and len(failed) < times:
            failed.append(record.offset)
            raise error
        return genuine(self, partition, record)

    with monkeypatch.context() as patch:
        patch.setattr(PartitionRecords, "_consumer_record", read)
        yield failed


@pytest.mark.parametrize("error", [CorruptRecordException("Invalid CRC"), ValueError("not gzip")])
async def test_a_partition_that_cannot_be_read_halts_and_the_others_go_on(  # noqa: PLR0917 - fixtures come by name
    settings: Settings, database: Database, topic: str, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    counting = Counting(database)
    async with sending(settings) as producer:
        for number in (1, 2, 3, 4):
            await producer.send_and_wait(topic, value("bad", number), headers=headers(), partition=1)
            await producer.send_and_wait(topic, value("good", number), headers=headers(), partition=0)
        with unreadable(monkeypatch, error):
            async with consuming(settings, database, topic, counting.take) as kafka:
                await eventually(lambda: _seen_is(database, "good", [1, 2, 3, 4]), what="the others go on")
                await eventually(lambda: _seen_is(database, "bad", [1, 2]), what="and what is before the bad one")
                await eventually(kafka.halted, what="the bad one halts")
                assert kafka.halted() == {f"g-{topic}|{topic}|1": f"record {BAD} cannot be read: {error!r}"}
                await producer.send_and_wait(topic, value("good", 5), headers=headers(), partition=0)
                await eventually(lambda: _seen_is(database, "good", [1, 2, 3, 4, 5]), what="the others still go on")
                assert kafka.alive()
        async with consuming(settings, database, topic, counting.take) as kafka:
            await eventually(lambda: _seen_is(database, "bad", [1, 2, 3, 4]), what="read after a restart")
            assert kafka.halted() == {}


async def test_what_came_broken_once_is_fetched_again_and_halts_nothing(
    settings: Settings, database: Database, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = Counting(database)
    with unreadable(monkeypatch, CorruptRecordException("Invalid CRC"), times=2) as failed:
        async with sending(settings) as producer, consuming(settings, database, topic, counting.take) as kafka:
            for number in (1, 2, 3, 4):
                await producer.send_and_wait(topic, value("bad", number), headers=headers(), partition=1)
            await eventually(lambda: _seen_is(database, "bad", [1, 2, 3, 4]))
            assert (kafka.halted(), len(failed)) == ({}, 2)


@pytest.mark.parametrize("codec", ["gzip", "zstd"])
async def test_what_unpacks_without_a_bound_is_a_dead_letter_and_nothing_waits_for_it(
    settings: Settings, database: Database, topic: str, codec: str
) -> None:
    """Fifty megabytes in fifty kilobytes, between good records, in their partition and in their batch."""
    counting = Counting(database)
    bomb = AIOKafkaProducer(
        bootstrap_servers=list(settings.kafka), compression_type=codec, linger_ms=200, max_request_size=64_000_000,
        max_batch_size=64_000_000,
    )  # fmt: skip
    await bomb.start()
    sent = [
        await bomb.send(topic, data, headers=headers(), partition=1)
        for data in (value("bad", 1), value("bad", 2), bytes(50_000_000))
    ]
    for one in sent:
        await one
    await bomb.stop()
    async with sending(settings) as producer:
        await producer.send_and_wait(topic, value("bad", 3), headers=headers(), partition=1)
        async with consuming(settings, database, topic, counting.take) as kafka:
            await eventually(lambda: _seen_is(database, "bad", [1, 2, 3]), what="all that can be read, in order")
            assert (kafka.halted(), kafka.alive()) == ({}, True)
        [letter] = await database.find("dead_letters", {})
        assert (letter["code"], letter["offset"], letter["cut"]["value"]) == ("too-large", 2, 50_000_000)
        await producer.send_and_wait(topic, value("bad", 4), headers=headers(), partition=1)
        async with consuming(settings, database, topic, counting.take):
            await eventually(lambda: _seen_is(database, "bad", [1, 2, 3, 4]), what="from behind it after a restart")
    assert await database.count("dead_letters", {}) == 1
