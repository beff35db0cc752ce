"""A running group whose place Kafka does not have any more: halted with the place and the range, never reset."""

from collections.abc import AsyncIterator, Sequence

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.local import Settings as LocalSettings
from shared.broker import connection
from shared.broker.places import Places
from shared.broker.positions import Positions
from shared.kernel import Unavailable
from shared.mongo import Database
from shared.settings import Settings
from shared.testing import eventually
from tests.integration.shared.test_broker import _seen_is, consuming, headers, sending, value
from tests.integration.shared.toys import Counting

LONGER = 9


@pytest.fixture
async def admin(stores: LocalSettings) -> AsyncIterator[AIOKafkaAdminClient]:
    found = AIOKafkaAdminClient(bootstrap_servers=stores.kafka_address)
    await found.start()
    yield found
    await found.close()


async def test_where_kafka_has_lost_the_end_of_its_log_nothing_new_is_taken_for_handled(
    settings: Settings, database: Database, topic: str, admin: AIOKafkaAdminClient
) -> None:
    """Not either after a restart, when new records reach behind the place."""
    counting, key = Counting(database), f"g-{topic}|{topic}|0"
    async with sending(settings) as producer:
        async with consuming(settings, database, topic, counting.take) as kafka:
            await producer.send_and_wait(topic, value("a", 1), headers=headers(), partition=0)
            await eventually(lambda: _seen_is(database, "a", [1]))
            # To Kafka it is the same whether it has less than it had, or we ask for more than it ever had.
            group, part = kafka.consumers[0], TopicPartition(topic, 0)
            await eventually(lambda: group.positions.next.get(part) == 1, what="it knows its place")
            assert await group.positions.move(part, 1, LONGER)
            group.get().seek(part, LONGER)
            await eventually(kafka.halted, what="halted")
            assert kafka.halted() == {key: f"stored place {LONGER} is outside 0..1"}
            await producer.send_and_wait(topic, value("b", 1), headers=headers(), partition=1)
            await eventually(lambda: _seen_is(database, "b", [1]), what="the other partitions go on")
        for number in range(2, LONGER + 3):
            await producer.send_and_wait(topic, value("a", number), headers=headers(), partition=0)
        async with consuming(settings, database, topic, counting.take) as kafka:
            assert kafka.halted() == {key: f"stored place {LONGER} is outside 0..1"}
        async with AIOKafkaConsumer(bootstrap_servers=list(settings.kafka), enable_auto_commit=False) as asking:
            places = Places(database, asking, admin)
            [halted] = [one for one in await places.standings(group=f"g-{topic}") if one.halted]
            assert (halted.partition.partition, halted.halted and halted.halted.reason) == (0, "out-of-range")
            [done] = await places.reset(f"g-{topic}", topic, partition=0, to=1)
            assert (done.next, done.halted) == (1, None)
        async with consuming(settings, database, topic, counting.take):
            await eventually(lambda: _seen_is(database, "a", [*range(1, LONGER + 3)]), what="an operator has decided")


async def test_a_topic_made_again_under_a_running_group_halts_it_soon(  # noqa: PLR0917 - fixtures come by name
    settings: Settings, database: Database, topic: str, admin: AIOKafkaAdminClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "METADATA_MS", 500)
    counting = Counting(database)
    async with sending(settings) as producer, consuming(settings, database, topic, counting.take) as kafka:
        await producer.send_and_wait(topic, value("a", 1), headers=headers(), partition=0)
        await eventually(lambda: _seen_is(database, "a", [1]))
        await admin.delete_topics([topic])
        await eventually(lambda: _made(admin, topic), what="made again")
        await eventually(lambda: len(kafka.halted()) == 3, what="all of it halted")
        assert all("topic id" in why for why in kafka.halted().values())


async def _made(admin: AIOKafkaAdminClient, topic: str) -> bool:
    answer = await admin.create_topics([NewTopic(name=topic, num_partitions=3, replication_factor=1)])
    return not answer.topic_errors[0][1]


async def test_places_that_could_not_be_read_on_assignment_are_read_soon_and_nothing_is_skipped(
    settings: Settings, database: Database, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a new group Kafka knows no place either."""
    counting, genuine = Counting(database), Positions.settle
    troubles = iter([True])

    async def settle(self: Positions, consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition]) -> None:
        if partitions and next(troubles, False):
            raise Unavailable("mongodb")
        await genuine(self, consumer, partitions)

    monkeypatch.setattr(Positions, "settle", settle)
    async with sending(settings) as producer:
        await producer.send_and_wait(topic, value("a", 1), headers=headers(), partition=0)
    async with consuming(settings, database, topic, counting.take) as kafka:
        await eventually(lambda: _seen_is(database, "a", [1]))
        assert (kafka.halted(), next(troubles, None)) == ({}, None)
