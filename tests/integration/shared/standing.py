"""What stands in a topic."""

from aiokafka import AIOKafkaConsumer


async def numbers(kafka: str, topic: str, key: bytes) -> list[int]:
    """The numbers of a key's rows as they stand in the topic."""
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=kafka, auto_offset_reset="earliest")
    await consumer.start()
    try:
        found: list[int] = []
        ends = await consumer.end_offsets(consumer.assignment())
        while any([await consumer.position(partition) < end for partition, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                found += [int(dict(one.headers)["ce_sequence"]) for one in records if one.key == key]
        return found
    finally:
        await consumer.stop()
