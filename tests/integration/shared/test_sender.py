"""What sends for the relay: a producer that is given up sends nothing any more, whatever it still holds."""

import asyncio
from collections.abc import Callable

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.local import Settings as LocalSettings
from shared.broker.connection import make_producer
from shared.mongo import Document
from shared.relay.handover import TOO_LARGE, UNKNOWN
from shared.relay.sender import Sender, Stuck
from shared.settings import Settings
from shared.testing import eventually
from tests.integration.shared.limits import limit
from tests.integration.shared.network import Network, network
from tests.integration.shared.standing import numbers


def _producer(settings: Settings) -> Callable[[], AIOKafkaProducer]:
    return lambda: make_producer(settings, "sender")


def row(topic: str, value: bytes, number: int = 1, stream: str = "one") -> Document:
    place = {"k": stream, "s": number}
    return {
        "_id": place,
        "topic": topic,
        "key": stream.encode(),
        "value": value,
        "headers": {"ce_sequence": str(number)},
    }


async def test_a_producer_that_is_given_up_sends_nothing_later(settings: Settings, topic: str) -> None:
    sender = Sender(_producer(settings), patience=10)
    await _send(sender, row(topic, b"first"))
    admin = AIOKafkaAdminClient(bootstrap_servers=list(settings.kafka))
    await admin.start()
    try:
        await admin.delete_topics([topic])
        await eventually(lambda: _holds(sender, row(topic, b"early")), what="the broker takes nothing more")
        await sender.drop()
        await admin.create_topics([NewTopic(name=topic, num_partitions=1, replication_factor=1)])
        await eventually(lambda: led(admin, topic), what="the topic is there again")
    finally:
        await admin.close()
    assert [task for task in asyncio.all_tasks() if "_sender_routine" in repr(task.get_coro())] == []
    await _send(sender, row(topic, b"late"))
    await sender.drop()
    assert await first_of(settings, topic) == b"late"


async def test_what_is_on_its_way_in_a_silent_network_ends_with_its_producer(settings: Settings, topic: str) -> None:
    sender = Sender(_producer(settings), patience=10)
    await _send(sender, row(topic, b"first"))
    async with network(settings.kafka[0]) as sick:
        assert sender._producer is not None
        await _lead_through(sender._producer, sick)
        await _send(sender, row(topic, b"second", 2))
        sick.fall_silent()
        assert await _holds(sender, row(topic, b"third", 3))
        await sender.drop()
        left = [task for task in asyncio.all_tasks() if "Sender._send" in repr(task.get_coro())]
        assert left == []
        sick.recover()


@pytest.mark.parametrize(
    ("limited", "sizes", "taken", "named"),
    [
        pytest.param(150_000, [60_000] * 6, [1, 2, 3, 4, 5, 6], [], id="batches of too many"),
        pytest.param(100_000, [60_000, 150_000, 60_000], [1], [2], id="one too large"),
    ],
)
async def test_nothing_goes_past_a_batch_that_kafka_refuses(  # noqa: PLR0917 - cases and fixtures come by name
    settings: Settings,
    stores: LocalSettings,
    topic: str,
    limited: int,
    sizes: list[int],
    taken: list[int],
    named: list[int],
) -> None:
    """Kafka takes any first number of a producer that it does not know there: also that of the batch behind."""
    await limit(stores, topic, limited)
    rows = [row(topic, b"x" * size, number) for number, size in enumerate(sizes, 1)]
    sender, stuck = Sender(_producer(settings), patience=10), []
    try:
        assert [one["_id"]["s"] async for sent in sender.send(rows) for one in sent] == taken
    except Stuck as found:
        stuck = [(one["_id"]["s"], why) for one, why in found.rows]
    await sender.drop()
    assert stuck == [(number, TOO_LARGE) for number in named]
    assert await numbers(stores.kafka_address, topic, b"one") == taken


async def test_what_kafka_has_is_said_where_another_partition_takes_nothing(settings: Settings, topic: str) -> None:
    missing = f"{topic}.missing"
    rows = [row(topic, b"a"), row(missing, b"b", stream="two"), row(topic, b"c", 2, "two"), row(topic, b"d", 2)]
    sender = Sender(_producer(settings), patience=10)
    went: list[bytes] = []

    async def send() -> None:
        async for sent in sender.send(rows):
            went.extend(one["value"] for one in sent)

    with pytest.raises(Stuck) as found:
        await send()
    await sender.drop()
    assert went == [b"a", b"d"], "and nothing of the stream that is stuck"
    assert [(one["value"], why) for one, why in found.value.rows] == [(b"b", UNKNOWN)]


async def _send(sender: Sender, one: Document) -> None:
    assert [sent async for sent in sender.send([one])] == [[one]]


async def _holds(sender: Sender, one: Document) -> bool:
    """Whether a row is given to it and not acknowledged."""
    try:
        async with asyncio.timeout(1):
            await _send(sender, one)
    except TimeoutError:
        return True
    return False


async def _lead_through(producer: AIOKafkaProducer, sick: Network) -> None:
    """From now on this producer reaches its broker over that network."""
    host, _, port = sick.address.rpartition(":")
    brokers = producer.client.cluster._brokers
    brokers.update({number: one._replace(host=host, port=int(port)) for number, one in brokers.items()})
    await producer.client._conns.popitem()[1].close()


async def led(admin: AIOKafkaAdminClient, topic: str) -> bool:
    """Whether the topic has a leader again."""
    [described] = await admin.describe_topics([topic])
    return all(one["leader"] >= 0 for one in described["partitions"] or [{"leader": -1}])


async def first_of(settings: Settings, topic: str) -> bytes | None:
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=list(settings.kafka), auto_offset_reset="earliest")
    await consumer.start()
    try:
        async with asyncio.timeout(10):
            record = await consumer.getone()
    finally:
        await consumer.stop()
    value: bytes | None = record.value
    return value
