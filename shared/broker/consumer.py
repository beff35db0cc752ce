"""One consumer group of a process: polls batches through FastStream and carries each to its use case.

While a batch is being stored, the next one is polled and opened (`Ahead`), never more and never decided on.
Transient trouble blocks with back-off; a bug or a bad record is isolated and becomes a dead letter; a worker that
was overtaken goes back to the stored place. Nothing here acknowledges what is not stored.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from typing import Any

import stamina
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError

from shared.batch import Batch
from shared.broker.ahead import Ahead, Polled
from shared.broker.bootstrapping import silence, silent
from shared.broker.broken import broken
from shared.broker.commits import Commits
from shared.broker.fresh import Fresh, fresh
from shared.broker.gaps import Gaps
from shared.broker.handling import Handling
from shared.broker.lag import Lag
from shared.broker.listener import Listener
from shared.broker.measuring import measure
from shared.broker.polling import Polling
from shared.broker.positions import Positions, partition_of
from shared.broker.reading import Reach, firsts, gathered, newest, read
from shared.kernel import Unavailable
from shared.mongo import Database, Fenced
from shared.telemetry import log, metrics

PATIENCE = 60.0
# What could not be stored, not even as a dead letter, is polled again after so long.
AGAIN = 0.2


class Consumer(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka ships no types
    """Reads, handles and advances; also the listener that drains before partitions are given away."""

    def __init__(self, listener: Listener, database: Database) -> None:
        self.listener = listener
        self.leaving = False
        self.polled = time.monotonic()
        self.get: Callable[[], AIOKafkaConsumer | None] = lambda: None
        # Before the group has formed too: nobody has any, and an alert must see that.
        metrics.CONSUMER_PARTITIONS.labels(listener.group).set(0)
        self.positions = Positions(database, listener.group)
        self.ahead = Ahead(listener, Polling(self.positions, listener.max_records).poll)
        self.commits = Commits(listener.group)
        self._handling = Handling(listener, database)
        self._busy = asyncio.Lock()
        self.gaps = Gaps(self.positions, self.commits, self.ahead, self._busy)
        self._newest: dict[TopicPartition, int] = {}
        self._lag = Lag(listener.group)

    async def on_partitions_revoked(self, revoked: Sequence[TopicPartition]) -> None:
        """Finish the batch in hand, so that the next owner does not see it half done; drop what was read ahead."""
        metrics.REBALANCES.labels(self.listener.group).inc()
        metrics.CONSUMER_PARTITIONS.labels(self.listener.group).set(0)
        self.ahead.drop(self.get())
        try:
            async with asyncio.timeout(8):
                await self._busy.acquire()
                self._busy.release()
        except TimeoutError:
            log.warning("consumer.drain-timeout", group=self.listener.group)
        self.positions.forget(list(revoked))

    async def on_partitions_assigned(self, assigned: Sequence[TopicPartition]) -> None:
        """Go to the stored places; where the store or Kafka does not tell them now, whoever polls next will."""
        metrics.CONSUMER_PARTITIONS.labels(self.listener.group).set(len(assigned))
        consumer = self.get()
        self.ahead.drop(consumer)
        if consumer is None:
            return
        try:
            await self.positions.begin(consumer, list(assigned))
        except (Unavailable, KafkaError):
            log.warning("consumer.unsettled", group=self.listener.group)

    async def take(self, polled: Polled) -> None:
        """One poll's records to their end: stored and advanced, or raised so that they come again."""
        consumer = self.get()
        if consumer is None or polled.reading is None:
            return
        async with self._busy:
            try:
                first = firsts(polled.records)
                moved = await self.positions.settle_new(consumer, first)
                await self.gaps.check(consumer, first)
                await self.gaps.look(consumer, first)
                self.ahead.begin(consumer)
                outcomes = await polled.reading
                await self._store(consumer, fresh(polled.records, outcomes, self.positions.next, moved=moved))
            except BaseException as error:
                self.ahead.drop(consumer)
                if isinstance(error, Exception):
                    await asyncio.sleep(AGAIN)
                raise

    async def _store(self, consumer: AIOKafkaConsumer, found: Fresh) -> None:
        if not found.records:
            return
        began = time.perf_counter()
        batch = gathered(self.listener, found.records, found.outcomes, found.reach)
        try:
            await self._patiently(batch)
        except Fenced:
            self.ahead.drop(consumer)
            await self.positions.go_back(consumer, firsts(found.records))
            return
        await self._advanced(consumer, found.reach)
        self._newest.update({partition_of(name): at for name, at in newest(found.records).items()})
        measure(self.listener, batch, time.perf_counter() - began)

    async def redrive(self, record: Any, *, by: str) -> Batch[Any]:
        """Handle one dead letter again, in this group only and without moving its position; `dead` where it is refused.

        A bug that is still there refuses it as it did before (code `failed`). What comes of it is written to the letter
        in the transaction that handles it; Fenced where the letter waits no more, and nothing is stored then.
        """
        batch = read(self.listener, [record], {})
        batch.redriven_by = by
        await self._handling.alone(batch)
        return batch

    async def _patiently(self, batch: Batch[Any]) -> None:
        """The batch; while MongoDB is away again with back-off, and then its records are given back to be polled again.

        What tries again is made only when it is needed: it is a cycle of objects, which would wait for the collector.
        """
        self.polled = time.monotonic()
        with contextlib.suppress(Unavailable):
            await self._handling.carefully(batch)
            return
        trying = stamina.retry_context(
            on=Unavailable, attempts=None, timeout=PATIENCE, wait_initial=0.05, wait_max=2.0, wait_jitter=0.05
        )
        async for attempt in trying:
            self.polled = time.monotonic()
            metrics.HANDLED.labels(self.listener.group, "", "retried").inc()
            with attempt:
                await self._handling.carefully(batch)

    async def _advanced(self, consumer: AIOKafkaConsumer, reach: Reach) -> None:
        self.positions.reach({partition_of(name): reached for name, (_, reached) in reach.items()})
        self.commits.note(consumer, reach)
        if self.leaving:
            await self.commits.finish()

    async def leave(self) -> None:
        """Before the group is left: from now on each batch waits until Kafka knows its place."""
        self.leaving = True
        await self.commits.finish()

    def poll_age(self) -> float:
        """Seconds since the last poll ended or a batch was tried; 0 while one waits for records (Kafka may be away)."""
        consumer = self.get()
        if broken(consumer):
            # Polls do not count then: nothing can come of them.
            return time.monotonic() - self.polled
        if consumer is None or not consumer.assignment():
            return 0.0
        idle: float = consumer._subscription.fetcher_idle_time  # noqa: SLF001 - what counts for max_poll_interval
        return max(0.0, min(idle, time.monotonic() - self.polled))

    def ready(self) -> bool:
        """Whether this worker has joined its group and knows where it stands (it may hold no partition at all)."""
        consumer = self.get()
        if consumer is None:
            return False
        held = consumer.assignment()
        known = self.positions.next.keys() | self.positions.halted.keys()
        return bool(held <= known)

    def measure_lag(self) -> None:
        """Lag of each assigned partition, the age of the last poll and of Kafka's last answer, for the telemetry."""
        consumer = self.get()
        metrics.CONSUMER_SILENCE.labels(self.listener.group).set(silence(consumer))
        metrics.CONSUMER_POLL_AGE.labels(self.listener.group).set(self.poll_age())
        if silent(consumer):
            self._lag.unknown()
        elif consumer:
            held = consumer.assignment()
            places = {partition: at for partition, at in self.positions.next.items() if partition in held}
            self._lag.tell(places, self._newest, consumer.highwater)
