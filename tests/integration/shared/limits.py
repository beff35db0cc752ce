"""How many bytes a topic takes, changed while it is used."""

from collections.abc import Awaitable, Callable
from functools import partial

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import MessageSizeTooLargeError

from deploy.local import Settings as LocalSettings
from shared.testing import eventually

# Of a batch of one record, at most.
OVERHEAD = 500


async def limit(stores: LocalSettings, topic: str, size: int) -> None:
    """Let every partition of the topic take so many bytes; done when the broker does as the controller says."""
    admin = AIOKafkaAdminClient(bootstrap_servers=stores.kafka_address)
    await admin.start()
    try:
        change = ConfigResource(ConfigResourceType.TOPIC, topic, configs={"max.message.bytes": str(size)})
        await admin.alter_configs([change])
    finally:
        await admin.close()
    plain = AIOKafkaProducer(bootstrap_servers=stores.kafka_address, max_request_size=2 * size)
    await plain.start()
    try:
        for partition in await plain.partitions_for(topic):
            taken = partial(_taken, plain, topic, partition)
            await eventually(partial(_differ, partial(taken, size - OVERHEAD), partial(taken, size + OVERHEAD)))
    finally:
        await plain.stop()


async def _taken(plain: AIOKafkaProducer, topic: str, partition: int, size: int) -> bool:
    try:
        await plain.send_and_wait(topic, b"x" * size, key=b"trial", partition=partition)
    except MessageSizeTooLargeError:
        return False
    return True


async def _differ(less: Callable[[], Awaitable[bool]], more: Callable[[], Awaitable[bool]]) -> bool:
    return await less() and not await more()
