"""Records of Kafka for a backup, and given back to topics that are new."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from deploy.local import Failed
from deploy.local.kafka.declared import declared
from deploy.local.kafka.logins import client_at
from deploy.local.kafka.replicas import Held, refuse_fewer, refuse_to_shrink
from deploy.local.kafka.trouble import kafka_asked
from shared.broker.ends import true_ends
from shared.broker.identity import Identity, identity

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence

LARGEST = 4 * 1024 * 1024
PAGE = 1000
# A little longer than the session of a consumer that was killed.
SESSION = 15.0
# Kafka itself ends a transaction after a minute, unless its sender has asked for longer.
OPEN_SECONDS = 90.0


def dead(topic: str) -> bool:
    """Whether a topic only holds copies of dead letters, which the databases have."""
    return topic.endswith(".dlq")


def topics() -> dict[str, bool]:
    """The declared topics that a backup is about; true where the last record of each key is kept for ever."""
    return {one.name: one.config["cleanup.policy"] == "compact" for one in declared(brokers=1) if not dead(one.name)}


@asynccontextmanager
async def administered(address: str) -> AsyncIterator[AIOKafkaAdminClient]:
    """An administrator's client; Failed where Kafka is away or refuses."""
    admin = AIOKafkaAdminClient(**client_at(address))
    try:
        with kafka_asked(address):
            await admin.start()
            yield admin
    finally:
        await admin.close()


async def present(admin: AIOKafkaAdminClient) -> Identity:
    """The cluster and those of our topics that there are."""
    return await identity(admin._client, sorted(topics()))  # noqa: SLF001 - the only way to a metadata request


async def partitions(admin: AIOKafkaAdminClient, names: Sequence[str]) -> list[TopicPartition]:
    """The partitions of those of the topics that there are."""
    rows = [row for row in await admin.describe_topics(list(names)) if not row["error_code"]]
    return [TopicPartition(row["topic"], part["partition"]) for row in rows for part in row["partitions"]]


async def holding(admin: AIOKafkaAdminClient, address: str, names: Sequence[str]) -> list[str]:
    """Those of the topics that hold records, or held some that have expired."""
    consumer = AIOKafkaConsumer(**client_at(address))
    await consumer.start()
    try:
        wanted = await partitions(admin, names) if names else []
        ends = await consumer.end_offsets(wanted) if wanted else {}
    finally:
        await consumer.stop()
    return sorted({one.topic for one, end in ends.items() if end})


async def working(admin: AIOKafkaAdminClient, services: Sequence[str]) -> list[str]:
    """The groups of these services that some process consumes; who was killed is a member for a while yet."""
    clock = asyncio.get_running_loop().time
    end = clock() + SESSION
    while (found := await _consumed(admin, services)) and clock() < end:  # noqa: ASYNC110 - the broker tells nobody
        await asyncio.sleep(0.5)
    return found


async def _consumed(admin: AIOKafkaAdminClient, services: Sequence[str]) -> list[str]:
    listed = [row[0] for row in await admin.list_consumer_groups() if row[0].partition(".")[0] in services]
    # One by one: aiokafka reads the answer about several groups wrongly (the rights of each stand in another place).
    answers = [one for group in listed for one in await admin.describe_consumer_groups([group])]
    return sorted(described[1] for answer in answers for described in answer.groups if described[5])


async def refuse_unmakeable(admin: AIOKafkaAdminClient, gone: Sequence[str]) -> None:
    """Failed where `topics apply` would refuse what is declared once these topics are deleted."""
    held = await Held.told(admin)
    wanted = declared(brokers=len(held.brokers))
    refuse_to_shrink(wanted, held, gone)
    refuse_fewer(wanted, held, gone)


async def delete(admin: AIOKafkaAdminClient, names: Sequence[str]) -> None:
    """Delete topics and wait until they are gone."""
    await admin.delete_topics(list(names))
    async with asyncio.timeout(30):
        while set(names) & (await present(admin)).topics.keys():  # noqa: ASYNC110 - the broker tells nobody
            await asyncio.sleep(0.1)


async def records(
    admin: AIOKafkaAdminClient, address: str, begin: Mapping[tuple[str, int], int]
) -> AsyncIterator[dict[str, Any]]:
    """The records from where handling goes on (from the oldest of a compacted topic) up to the present end."""
    consumer = AIOKafkaConsumer(**client_at(address), enable_auto_commit=False, isolation_level="read_committed")
    await consumer.start()
    try:
        ends = await _begun(consumer, await partitions(admin, sorted(topics())), begin)
        while left := [one for one, end in ends.items() if await consumer.position(one) < end]:
            polled = await consumer.getmany(*left, timeout_ms=500, max_records=PAGE)
            for partition, found in polled.items():
                for record in found:
                    if record.offset < ends[partition]:
                        yield _kept(record)
    finally:
        await consumer.stop()


async def _begun(
    consumer: AIOKafkaConsumer, wanted: Sequence[TopicPartition], begin: Mapping[tuple[str, int], int]
) -> dict[TopicPartition, int]:
    """Stand where reading begins, in each partition; where it ends."""
    compacted = topics()
    consumer.assign(list(wanted))
    oldest, ends = await consumer.beginning_offsets(list(wanted)), await _ended(consumer, wanted)
    for one in wanted:
        first = oldest[one] if compacted[one.topic] else begin.get((one.topic, one.partition), ends[one])
        consumer.seek(one, min(max(first, oldest[one]), ends[one]))
    return dict(ends)


async def _ended(consumer: AIOKafkaConsumer, wanted: Sequence[TopicPartition]) -> Mapping[TopicPartition, int]:
    """Where the partitions end now, once no open transaction hides what stands before that.

    What is acknowledged behind an open transaction is handed out only after its end: it would be missing.
    """
    clock = asyncio.get_running_loop().time
    until, ends = clock() + OPEN_SECONDS, await true_ends(consumer, wanted)
    while True:
        readable = await consumer.end_offsets(list(wanted))
        hidden = [one for one in wanted if readable[one] < ends[one]]
        if not hidden:
            return ends
        if clock() > until:
            where = "; ".join(f"{one.topic}, раздел {one.partition}" for one in hidden)
            remedy = "найдите отправителя (docs/runbooks/lag-grows.md), пусть он её завершит, и повторите"
            raise Failed(f"в Kafka не завершена чужая транзакция, копия была бы неполной: {where}", remedy)
        await asyncio.sleep(0.2)


def _kept(record: Any) -> dict[str, Any]:
    return {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "timestamp": record.timestamp,
        "key": record.key,
        "value": record.value,
        "headers": [[name, value] for name, value in record.headers],
    }


async def publish(address: str, rows: Iterable[Mapping[str, Any]]) -> int:
    """Send records again, each to its partition, in order; how many."""
    producer = AIOKafkaProducer(**client_at(address), acks="all", enable_idempotence=True, max_request_size=LARGEST)
    await producer.start()
    count = 0
    try:
        for page in _pages(rows):
            await asyncio.gather(*[await _send(producer, row) for row in page])
            count += len(page)
    finally:
        await producer.stop()
    return count


def _pages(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    page: list[Mapping[str, Any]] = []
    for row in rows:
        page.append(row)
        if len(page) == PAGE:
            yield page
            page = []
    yield page


async def _send(producer: AIOKafkaProducer, row: Mapping[str, Any]) -> asyncio.Future[Any]:
    value = row["value"]
    future: asyncio.Future[Any] = await producer.send(
        row["topic"],
        # A producer refuses a record with neither key nor value.
        value=b"" if value is None and row["key"] is None else value,
        key=row["key"],
        partition=row["partition"],
        timestamp_ms=row["timestamp"],
        headers=[(name, value or b"") for name, value in row["headers"]],
    )
    return future
