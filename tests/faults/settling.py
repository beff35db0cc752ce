"""When the platform is at rest: nothing in an outbox, nothing unread, each looked at in the order of the way."""

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from deploy.local import STORED
from shared.testing import eventually
from tests.faults.history import Violation
from tests.faults.world import World

REST_WITHIN = 60.0


class _Nobody:
    """Stands for the use cases that listeners are given, and is never asked for any."""

    def __getattr__(self, name: str) -> "_Nobody":
        return self


def listened(service: str) -> dict[str, tuple[str, ...]]:
    """The groups of a service and the topics of each, from its own listeners."""
    if find_spec(f"services.{service}.consumers") is None:
        return {}
    consumers = import_module(f"services.{service}.consumers")
    return {one.group: tuple(one.topics) for one in consumers.listeners(_Nobody())}


# Per service in the order of the way: its groups and what each reads.
GROUPS = {service: listened(service) for service in STORED}


@dataclass(slots=True)
class Settling:
    """Waits for rest; says what did not come to rest."""

    world: World
    within: float = REST_WITHIN

    async def rest(self) -> list[Violation]:
        """Wait until all outboxes are empty and every group has read everything; what remains at the deadline."""
        remains: dict[str, int] = {}

        async def at_rest() -> bool:
            remains.clear()
            try:
                remains.update(await self.waiting())
            except (KafkaError, OSError):
                remains["kafka"] = 1
            return not any(remains.values())

        try:
            await eventually(at_rest, within=self.within, every=0.1)
        except AssertionError:
            return [_violation(name, count) for name, count in remains.items() if count]
        return []

    async def waiting(self) -> dict[str, int]:
        """How many records wait in each outbox and before each group, in the order of the way."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.world.settings.kafka_address, enable_auto_commit=False)
        await consumer.start()
        try:
            found: dict[str, int] = {}
            for service in STORED:
                for group, topics in GROUPS[service].items():
                    found[f"lag {group}"] = await self._lag(consumer, service, group, topics)
                found[f"outbox {service}"] = len(await self.world.rows(service, "outbox", None, "_id"))
                if any(found.values()):
                    break
        finally:
            await consumer.stop()
        return found

    async def _lag(self, consumer: AIOKafkaConsumer, service: str, group: str, topics: tuple[str, ...]) -> int:
        rows: list[dict[str, Any]] = await self.world.rows(service, "positions")
        places = {row["_id"]: int(row["next"]) for row in rows}
        ends: dict[TopicPartition, int] = {}
        for topic in topics:
            await consumer._client._wait_on_metadata(topic)
            numbers = consumer._client.cluster.partitions_for_topic(topic) or ()
            ends |= await consumer.end_offsets([TopicPartition(topic, number) for number in numbers])
        return sum(
            abs(end - places.get(f"{group}|{partition.topic}|{partition.partition}", 0))
            for partition, end in ends.items()
        )


def _violation(name: str, count: int) -> Violation:
    kind, _, who = name.partition(" ")
    return Violation(kind, f"{who}: {count} wait")
