"""Relay and consumer on the real broker: order, repeats, spoiled records, a bug in one record, recreated topics."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.local import Settings as LocalSettings
from shared.batch import Batch
from shared.broker import Kafka, Listener
from shared.broker.connection import make_producer
from shared.broker.listener import reader_of
from shared.kernel import Cause, Unavailable
from shared.mongo import Database, Tx, UpdateOne
from shared.relay import Relay
from shared.settings import Settings
from shared.telemetry import metrics
from shared.testing import eventually
from tests.integration.shared.toys import Counting, ThingDone

CAUSE = Cause("corr-1", "cause-1")


def listener(topic: str, take: Any) -> Listener:
    return Listener(
        group=f"g-{topic}",
        readers={topic: {ThingDone.TYPE: reader_of(ThingDone)}},
        handle=take,
        dlq="test.dlq",
    )


@asynccontextmanager
async def consuming(settings: Settings, database: Database, topic: str, take: Any) -> AsyncIterator[Kafka]:
    kafka = Kafka(settings, "test", settings.instance)
    kafka.listen(listener(topic, take), database)
    kafka.start()
    try:
        await eventually(kafka.assigned, what="assigned")
        yield kafka
    finally:
        await kafka.stop()


@asynccontextmanager
async def sending(settings: Settings) -> AsyncIterator[AIOKafkaProducer]:
    producer = make_producer(settings, "test")
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


def headers(kind: str = ThingDone.TYPE, **more: str | bytes | None) -> list[tuple[str, bytes | None]]:
    told = {"ce_specversion": "1.0", "ce_id": uuid.uuid4().hex, "ce_source": "test", "ce_type": kind, **more}
    return [(name, value.encode() if isinstance(value, str) else value) for name, value in told.items()]


def value(thing: str, number: int) -> bytes:
    return ThingDone(thing=thing, number=number).model_dump_json().encode()


async def seen(database: Database, thing: str) -> Sequence[int]:
    return ((await database.find_one("sums", {"_id": thing})) or {}).get("seen", [])


async def test_what_the_outbox_holds_arrives_once_and_in_order(
    settings: Settings, database: Database, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ThingDone, "topic", classmethod(lambda _: topic))
    counting = Counting(database)
    relay = Relay(database, owner="one", producer=lambda: make_producer(settings, "relay"))
    async with consuming(settings, database, topic, counting.take):
        relay.start()
        for number in range(100, 140):

            async def body(tx: Tx, number: int = number) -> None:
                tx.tell(ThingDone(thing=f"t{number % 3}", number=number), CAUSE)

            await database.transact(body)
        await eventually(lambda: _all_seen(database, 40), what="40 numbers")
        await relay.stop()
    for rest in range(3):
        assert list(await seen(database, f"t{rest}")) == [n for n in range(100, 140) if n % 3 == rest]
    assert await database.count("outbox", {}) == 0


async def _all_seen(database: Database, count: int) -> bool:
    return sum([len(await seen(database, f"t{rest}")) for rest in range(3)]) == count


async def test_bad_records_become_dead_letters_and_the_partition_goes_on(
    settings: Settings, database: Database, topic: str
) -> None:
    counting = Counting(database)
    bad: dict[str, tuple[bytes | None, list[tuple[str, bytes | None]]]] = {
        "not-a-cloudevent": (b"\xff\x00random", []),
        "empty-value": (None, headers()),
        "invalid-data": (b'{"thing": 1}', headers()),
        "bad-header": (value("a", 1), headers(ce_time=b"\xff\xfe")),
        "unlucky": (value("a", 13), headers()),
        "too-large": (b"[" + b"1," * 40_000 + b"1]", headers()),
        "failed": (value("a", 99), headers()),
    }
    async with consuming(settings, database, topic, counting.take), sending(settings) as producer:
        await producer.send_and_wait(topic, value("a", 1), key=b"a", headers=headers(), partition=0)
        for raw, told in bad.values():
            await producer.send_and_wait(topic, raw, key=None if raw else b"k", headers=told, partition=0)
        await producer.send_and_wait(topic, value("a", 5), headers=headers("ru.rsoko.test.other.v1"), partition=0)
        await producer.send_and_wait(topic, value("a", 2), key=b"a", headers=headers(), partition=0)
        await producer.send_and_wait(topic, value("a", 3), headers=headers(other=None), partition=0)
        await eventually(lambda: _seen_is(database, "a", [1, 2, 3]), what="good records behind the bad ones")
    rows = await database.find("dead_letters", {})
    assert sorted(row["code"] for row in rows) == sorted(bad)
    assert await database.count("outbox", {"topic": "test.dlq"}) == len(bad)
    assert {code: _counted("dead_letters", topic, reason=code) for code in bad} == dict.fromkeys(bad, 1)
    outcomes = {name: _counted("handled_events", topic, outcome=name) for name in ("ok", "refused", "failed")}
    assert outcomes == {"ok": 3, "refused": len(bad) - 1, "failed": 1}


async def test_dead_letters_of_single_records_are_counted_where_a_later_one_is_interrupted(
    settings: Settings, database: Database, topic: str
) -> None:
    counting, troubles = Counting(database), [5]

    async def take(batch: Batch[ThingDone]) -> None:
        if [heard.event.number for heard in batch.heard] == troubles:
            troubles.clear()
            raise Unavailable("mongodb")
        await counting.take(batch)

    async with sending(settings) as producer:
        for number in (13, 99, 5):
            await producer.send_and_wait(topic, value("a", number), headers=headers(), partition=0)
        async with consuming(settings, database, topic, take):
            await eventually(lambda: _seen_is(database, "a", [5]))
    assert not troubles, "it was interrupted"
    assert await database.count("dead_letters", {}) == 2
    assert {code: _counted("dead_letters", topic, reason=code) for code in ("unlucky", "failed")} == {
        "unlucky": 1,
        "failed": 1,
    }


def _counted(name: str, topic: str, **labels: str) -> float | None:
    told = {"group": f"g-{topic}", "topic": topic, **labels}
    return metrics.REGISTRY.get_sample_value(f"rsoko_{name}_total", told)


async def test_who_holds_no_partition_is_told_also_before_the_group_has_formed(
    settings: Settings, database: Database, topic: str
) -> None:
    def held() -> float | None:
        return metrics.REGISTRY.get_sample_value("rsoko_consumer_assigned_partitions", {"group": f"g-{topic}"})

    kafka = Kafka(settings, "test", f"w-{topic}")
    consumer = kafka.listen(Listener(f"g-{topic}", {topic: {}}, Counting(database).take, "test.dlq"), database)
    assert held() == 0
    await consumer.on_partitions_assigned([TopicPartition(topic, 0)])
    assert held() == 1
    await consumer.on_partitions_revoked([TopicPartition(topic, 0)])
    assert held() == 0


async def _seen_is(database: Database, thing: str, wanted: list[int]) -> bool:
    return list(await seen(database, thing)) == wanted


async def test_a_restarted_consumer_goes_on_from_the_stored_place(
    settings: Settings, database: Database, topic: str
) -> None:
    counting = Counting(database)
    async with sending(settings) as producer:
        async with consuming(settings, database, topic, counting.take):
            await producer.send_and_wait(topic, value("a", 1), headers=headers(), partition=0)
            await eventually(lambda: _seen_is(database, "a", [1]))
        await producer.send_and_wait(topic, value("a", 2), headers=headers(), partition=0)
        async with consuming(settings, database, topic, counting.take):
            await eventually(lambda: _seen_is(database, "a", [1, 2]))


async def test_the_stored_place_wins_over_the_committed_offset(
    settings: Settings, database: Database, topic: str
) -> None:
    counting = Counting(database)
    async with sending(settings) as producer:
        async with consuming(settings, database, topic, counting.take):
            for number in (1, 2, 3):
                await producer.send_and_wait(topic, value("a", number), headers=headers(), partition=0)
            await eventually(lambda: _seen_is(database, "a", [1, 2, 3]))
        # The store is an older copy, as after a restore: Kafka's committed offset is ahead of it.
        await database.write("positions", [UpdateOne({"_id": f"g-{topic}|{topic}|0"}, {"$set": {"next": 1}})])
        async with consuming(settings, database, topic, counting.take):
            await eventually(lambda: _seen_is(database, "a", [1, 2, 3, 2, 3]))


async def test_a_recreated_topic_stops_the_consumer_instead_of_skipping(
    settings: Settings, database: Database, topic: str, stores: LocalSettings
) -> None:
    counting = Counting(database)
    async with sending(settings) as producer, consuming(settings, database, topic, counting.take):
        await producer.send_and_wait(topic, value("a", 1), headers=headers(), partition=0)
        await eventually(lambda: _seen_is(database, "a", [1]))
    admin = AIOKafkaAdminClient(bootstrap_servers=stores.kafka_address)
    await admin.start()
    await admin.delete_topics([topic])
    await eventually(lambda: _gone(admin, topic))
    await admin.create_topics([NewTopic(name=topic, num_partitions=3, replication_factor=1)])
    await admin.close()
    async with consuming(settings, database, topic, counting.take) as kafka:
        await eventually(lambda: len(kafka.halted()) == 3, what="halted partitions")
        assert "topic id" in next(iter(kafka.halted().values()))


async def _gone(admin: AIOKafkaAdminClient, topic: str) -> bool:
    return topic not in await admin.list_topics()


async def test_while_mongodb_refuses_the_batch_waits_and_is_not_lost(
    settings: Settings, database: Database, topic: str
) -> None:
    counting = Counting(database)
    trouble = iter(range(4))

    async def take(batch: Batch[ThingDone]) -> None:
        if next(trouble, None) is not None:
            raise Unavailable("mongodb")
        await counting.take(batch)

    async with consuming(settings, database, topic, take), sending(settings) as producer:
        await producer.send_and_wait(topic, value("a", 1), headers=headers(), partition=0)
        await eventually(lambda: _seen_is(database, "a", [1]))
    assert counting.sizes == [1]


async def test_a_second_relay_waits_and_the_stable_owner_takes_its_lease_back(
    settings: Settings, database: Database
) -> None:
    # It keeps its lease seldom: it does not notice meanwhile that its later life has it, and take it back.
    first = Relay(database, owner="one", producer=lambda: make_producer(settings, "r1"), lease=60.0)
    first.start()
    await eventually(lambda: first.leading)
    second = Relay(database, owner="two", producer=lambda: make_producer(settings, "r2"), lease=1.0)
    second.start()
    again = Relay(database, owner="one", producer=lambda: make_producer(settings, "r1"))
    again.start()
    await eventually(lambda: again.leading)
    assert not second.leading
    lease = await database.find_one("leases", {"_id": "relay"}) or {}
    assert (lease["owner"], lease["epoch"]) == ("one", 2)
    await asyncio.gather(first.stop(), second.stop(), again.stop())
