"""Records sent in transactions: only committed ones are taken, and no place stays before the end of one."""

import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from deploy.local import Settings as LocalSettings
from shared.broker import Kafka
from shared.broker.places import Places
from shared.broker.positions import Positions
from shared.kernel import Unavailable
from shared.mongo import Database, UpdateOne
from shared.settings import Settings
from shared.telemetry import metrics
from shared.testing import eventually
from tests.integration.shared.test_broker import _seen_is, consuming, headers, sending, value
from tests.integration.shared.test_places import places
from tests.integration.shared.toys import Counting

__all__ = ["places"]


@asynccontextmanager
async def transacting(settings: Settings) -> AsyncIterator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(bootstrap_servers=list(settings.kafka), transactional_id=uuid.uuid4().hex)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def transact(producer: AIOKafkaProducer, topic: str, *numbers: int, commit: bool = True) -> None:
    await producer.begin_transaction()
    for number in numbers:
        await producer.send_and_wait(topic, value("a", number), headers=headers(), partition=0)
    await (producer.commit_transaction() if commit else producer.abort_transaction())


def _place(kafka: Kafka, topic: str, partition: int = 0) -> int | None:
    return kafka.consumers[0].positions.next.get(TopicPartition(topic, partition))


async def test_only_what_was_committed_is_taken(settings: Settings, database: Database, topic: str) -> None:
    counting = Counting(database)
    async with consuming(settings, database, topic, counting.take), transacting(settings) as producer:
        await transact(producer, topic, 1, 2)
        await transact(producer, topic, 3, commit=False)
        await transact(producer, topic, 4)
        await eventually(lambda: _seen_is(database, "a", [1, 2, 4]))


@pytest.mark.parametrize("end", ["commit", "abort"])
async def test_behind_the_end_of_a_transaction_nothing_is_left(  # noqa: PLR0917 - fixtures come by name
    settings: Settings, database: Database, topic: str, places: Places, stores: LocalSettings, end: str
) -> None:
    """No lag, and no halt once Kafka has deleted that part of the topic."""
    counting, behind, commit = Counting(database), 3, end == "commit"
    async with consuming(settings, database, topic, counting.take) as kafka, transacting(settings) as producer:
        await transact(producer, topic, 1, 2, commit=commit)
        await eventually(lambda: _place(kafka, topic) == behind, what="the place is behind the end of the transaction")
        kafka.consumers[0].measure_lag()
        labels = {"group": f"g-{topic}", "topic": topic, "partition": "0"}
        assert metrics.REGISTRY.get_sample_value("rsoko_consumer_lag_records", labels) == 0
        stored = await places.standings(group=f"g-{topic}")
        assert [(one.next, one.lag) for one in stored] == [(behind, 0), (0, 0), (0, 0)]
    admin = AIOKafkaAdminClient(bootstrap_servers=stores.kafka_address)
    await admin.start()
    await admin.delete_records({TopicPartition(topic, 0): RecordsToDelete(before_offset=behind)})
    await admin.close()
    async with consuming(settings, database, topic, counting.take) as kafka, sending(settings) as plain:
        assert kafka.halted() == {}
        await plain.send_and_wait(topic, value("a", 9), headers=headers(), partition=0)
        await eventually(lambda: _seen_is(database, "a", [1, 2, 9] if commit else [9]))


async def test_a_quiet_partition_is_passed_while_others_are_never_quiet(
    settings: Settings, database: Database, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where no poll comes back empty."""
    monkeypatch.setattr("shared.broker.polling.POLL_MS", 60_000)
    counting = Counting(database)
    async with (
        consuming(settings, database, topic, counting.take) as kafka,
        transacting(settings) as producer,
        sending(settings) as plain,
    ):
        await transact(producer, topic, 1, commit=False)

        async def passed() -> bool:
            await plain.send_and_wait(topic, value("b", 1), headers=headers(), partition=1)
            return _place(kafka, topic) == 2

        await eventually(passed, what="the place is behind the end of the transaction")


@pytest.mark.parametrize("newer", [0, 1])
async def test_what_kafka_deleted_unread_is_not_passed_in_silence(  # noqa: PLR0917 - fixtures come by name
    settings: Settings, database: Database, topic: str, stores: LocalSettings, newer: int
) -> None:
    """A gap that may have held records halts, as on assignment, whether or not newer ones follow."""
    counting = Counting(database)
    async with consuming(settings, database, topic, counting.take) as kafka, sending(settings) as plain:
        consumer = kafka.consumers[0].get()
        assert consumer is not None
        part = TopicPartition(topic, 0)
        await eventually(lambda: _place(kafka, topic) == 0)
        consumer.pause(part)
        # A question that was at Kafka before the pause still brings what comes for it: the other partition answers it.
        await plain.send_and_wait(topic, value("b", 1), headers=headers(), partition=1)
        await eventually(lambda: _seen_is(database, "b", [1]), what="the question from before the pause is answered")
        for number in (1, 2, 3):
            await plain.send_and_wait(topic, value("a", number), headers=headers(), partition=0)
        admin = AIOKafkaAdminClient(bootstrap_servers=stores.kafka_address)
        await admin.start()
        await admin.delete_records({part: RecordsToDelete(before_offset=3)})
        await admin.close()
        if newer:
            await plain.send_and_wait(topic, value("a", 4), headers=headers(), partition=0)
        consumer.resume(part)
        await eventually(lambda: bool(kafka.halted()), what="halted")
        assert f"outside 3..{3 + newer}" in next(iter(kafka.halted().values()))
        assert await _seen_is(database, "a", [])


async def test_an_open_transaction_holds_its_partition_and_halts_nothing(
    settings: Settings, database: Database, topic: str
) -> None:
    """Also where the place is behind its beginning, as left by the version that read what was not committed too."""
    counting, key = Counting(database), f"g-{topic}|{topic}|0"
    async with transacting(settings) as producer, sending(settings) as plain:
        async with consuming(settings, database, topic, counting.take):
            await plain.send_and_wait(topic, value("a", 1), headers=headers(), partition=0)
            await eventually(lambda: _seen_is(database, "a", [1]))
        await producer.begin_transaction()
        await producer.send_and_wait(topic, value("a", 2), headers=headers(), partition=0)
        await plain.send_and_wait(topic, value("a", 3), headers=headers(), partition=0)
        assert await database.write("positions", [UpdateOne({"_id": key, "next": 1}, {"$set": {"next": 3}})]) == 1
        async with consuming(settings, database, topic, counting.take) as kafka:
            assert kafka.halted() == {}
            await plain.send_and_wait(topic, value("a", 4), headers=headers(), partition=0)
            await plain.send_and_wait(topic, value("b", 1), headers=headers(), partition=1)
            await eventually(lambda: _seen_is(database, "b", [1]), what="another partition does not wait")
            assert await _seen_is(database, "a", [1])
            await producer.commit_transaction()
            await eventually(lambda: _seen_is(database, "a", [1, 4]), what="goes on behind the transaction")
            assert kafka.halted() == {}


@pytest.mark.parametrize("away", [False, True])
async def test_where_somebody_else_went_on_the_stored_place_is_read_again(
    settings: Settings, database: Database, topic: str, monkeypatch: pytest.MonkeyPatch, *, away: bool
) -> None:
    """Also when the store is away at that moment, and nothing more comes to that partition."""
    counting, genuine = Counting(database), Positions.settle
    troubles = iter([away])

    async def settle(self: Positions, consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition]) -> None:
        if partitions and next(troubles, False):
            raise Unavailable("mongodb")
        await genuine(self, consumer, partitions)

    async with (
        consuming(settings, database, topic, counting.take) as kafka,
        transacting(settings) as producer,
        sending(settings) as plain,
    ):
        await plain.send_and_wait(topic, value("a", 1), headers=headers(), partition=0)
        await eventually(lambda: _place(kafka, topic) == 1)
        monkeypatch.setattr(Positions, "settle", settle)
        key = {"_id": f"g-{topic}|{topic}|0", "next": 1}
        assert await database.write("positions", [UpdateOne(key, {"$set": {"next": 2}})]) == 1
        await transact(producer, topic, 2, commit=False)
        await eventually(lambda: _place(kafka, topic) == 3, what="read again, and passed from there")
        assert kafka.assigned()
        assert kafka.halted() == {}
