"""What sends for the relay: a producer that is given up sends nothing any more, whatever it still holds."""

import asyncio
from collections.abc import Callable

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from shared.broker.connection import make_producer
from shared.mongo import Document
from shared.relay.sender import Sender
from shared.settings import Settings
from shared.testing import eventually


def _producer(settings: Settings) -> Callable[[], AIOKafkaProducer]:
    return lambda: make_producer(settings, "sender")


def row(topic: str, value: bytes) -> Document:
    return {"topic": topic, "key": b"one", "value": value, "headers": {}}


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
