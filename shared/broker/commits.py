"""Stored places told to Kafka, for its own tools to show; nobody waits for it, since the stored place wins anyway."""

import asyncio
import contextlib
from collections.abc import Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import ConsumerStoppedError, KafkaError

from shared.broker.positions import partition_of
from shared.telemetry import log, metrics

LAST_SECONDS = 2.0
# For each of them Kafka writes a record: often enough for those who watch, seldom enough to cost nothing.
PACE = 0.5


class Commits:
    """One request at a time, at a pace, only of what is stored: nothing that was just polled is ever committed."""

    def __init__(self, group: str) -> None:
        self._group = group
        metrics.COMMIT_FAILURES.labels(group)
        self._places: dict[TopicPartition, int] = {}
        self._task: asyncio.Task[None] | None = None
        self._leaving = asyncio.Event()

    def note(self, consumer: AIOKafkaConsumer, reach: Mapping[str, tuple[int, int]]) -> None:
        """Tell soon how far a stored batch reaches."""
        self._places.update({partition_of(name): reached for name, (_, reached) in reach.items()})
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._tell(consumer), name="commits")

    async def finish(self) -> None:
        """Tell all that is left at once, and from now on without a pace; wait for it two seconds at most."""
        self._leaving.set()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=LAST_SECONDS)

    async def _tell(self, consumer: AIOKafkaConsumer) -> None:
        while self._places:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PACE):
                    await self._leaving.wait()
            places, self._places = self._places, {}
            mine = {partition: places[partition] for partition in places.keys() & consumer.assignment()}
            try:
                if mine:
                    await consumer.commit(mine)
            except (KafkaError, ConsumerStoppedError) as error:
                metrics.COMMIT_FAILURES.labels(self._group).inc()
                log.warning("consumer.commit-failed", group=self._group, error=type(error).__name__)
