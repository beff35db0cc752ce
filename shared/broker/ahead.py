"""Reading ahead: the next poll's records are fetched and opened while the batch before them is being stored."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.broker.listener import Listener
from shared.broker.reading import Outcome, read_one

# Some half a millisecond of work: what the store answers meanwhile waits no longer than this.
SLICE = 32

Poll = Callable[[AIOKafkaConsumer], Awaitable[tuple[Any, ...]]]


@dataclass(slots=True, eq=False)
class Polled:
    """One poll's records, and their reading, which goes on by itself; false where nothing came."""

    records: tuple[Any, ...]
    reading: asyncio.Task[list[Outcome]] | None = None

    def __bool__(self) -> bool:
        return bool(self.records)


class Ahead:
    """Exactly one poll ahead of the batch in hand; opening a record is pure, so that dropping one loses nothing."""

    def __init__(self, listener: Listener, poll: Poll) -> None:
        self._listener = listener
        self._poll = poll
        self._task: asyncio.Task[Polled] | None = None
        self._due = 0.0

    async def next(self, consumer: AIOKafkaConsumer) -> Polled:
        """What was read ahead, or the next poll; from here on it is no longer ahead and nobody drops it."""
        task, self._task = self._task, None
        return await (self._take(consumer) if task is None else task)

    def begin(self, consumer: AIOKafkaConsumer) -> None:
        """Read ahead, unless that is done or under way.

        In a context of its own: that of the caller holds the batch in hand, and each batch would keep the one before.
        """
        if self._task is None:
            self._task = asyncio.create_task(self._take(consumer), name="ahead", context=Context())

    def drop(self, consumer: AIOKafkaConsumer | None) -> None:
        """Forget what was read ahead and go back before it, so that it is polled again.

        Before any other seek: those who seek after it know better.
        """
        task, self._task = self._task, None
        if task is None:
            return
        if not task.done():
            task.cancel()
        elif not task.cancelled() and task.exception() is None:
            polled = task.result()
            if polled.reading is not None:
                polled.reading.cancel()
            if consumer is not None:
                rewind(consumer, polled.records)

    async def _take(self, consumer: AIOKafkaConsumer) -> Polled:
        if (rest := self._due - time.monotonic()) > 0:
            await asyncio.sleep(rest)
        records = await self._poll(consumer)
        if records:
            full = len(records) >= self._listener.max_records
            self._due = time.monotonic() + (0.0 if full else self._listener.pause)
        reading = asyncio.create_task(self._read(records), name="reading") if records else None
        return Polled(records, reading)

    async def _read(self, records: Sequence[Any]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for start in range(0, len(records), SLICE):
            if start:
                await asyncio.sleep(0)
            outcomes += [read_one(self._listener, record) for record in records[start : start + SLICE]]
        return outcomes


def rewind(consumer: AIOKafkaConsumer, records: Sequence[Any]) -> None:
    """Seek to the first of these records in each partition that is still ours."""
    first: dict[TopicPartition, int] = {}
    for record in records:
        first.setdefault(TopicPartition(record.topic, record.partition), record.offset)
    for partition in first.keys() & consumer.assignment():
        consumer.seek(partition, first[partition])
