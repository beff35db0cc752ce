"""The relay: the outbox to Kafka under a lease, in sequence per key; the only sender there is."""

import asyncio
import contextlib
import math
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import aclosing

from aiokafka.errors import KafkaError

from shared.kernel import Unavailable
from shared.mongo import Database, Document, Fenced
from shared.relay.handover import Handover
from shared.relay.hints import Hints
from shared.relay.lease import LEASE_SECONDS, Lease
from shared.relay.outbox import PAGE, Outbox
from shared.relay.sender import MakeProducer, Sender, Stuck
from shared.telemetry import log, metrics

# The outbox is read so often even if nothing seems to be new there: other processes write, and hints may be lost.
POLL_SECONDS = 1.0
# Hints of other writers under load: the outbox is read for many of them at once, with this much between two times.
# The same holds for reading all of it in doubt.
READ_PACE = 0.1
# So long without a commit: time to delete what was sent.
QUIET_SECONDS = 0.1
# A page that is not acknowledged for so long is told in the health: Kafka is away or refuses.
UNSENT_SECONDS = 3.0
# Between two attempts after failures: from, to; from the beginning again once something is acknowledged.
PAUSE, LONGEST_PAUSE = 0.1, 2.0


class Relay:
    """Sends what the outbox holds and deletes what the broker acknowledged."""

    def __init__(self, database: Database, *, owner: str, producer: MakeProducer, lease: float = LEASE_SECONDS) -> None:
        self._db, self._lease = database, Lease(database, owner, lease)
        self._sender = Sender(producer, patience=lease * 2)
        self._wake = asyncio.Event()
        self._stopping = self.leading = False
        self._unsent, self._read, self._pause = math.inf, 0.0, PAUSE
        self._hints = Hints(READ_PACE)
        self._handover = Handover()
        self._outbox = Outbox(database, self._lease, self._handover)
        self._tasks: list[asyncio.Task[None]] = []
        self.polled = time.monotonic()

    def start(self) -> None:
        """Begin to send; returns at once."""
        self._db.on_told(self._told)
        self._tasks = [asyncio.create_task(self._run(), name="relay"), asyncio.create_task(self._listen(), name="hint")]

    def alive(self, limit: float = 30.0) -> bool:
        """Whether it looks at the outbox (as leader or waiting for the lease) and gets rid of what it finds there."""
        now = time.monotonic()
        runs = bool(self._tasks) and not self._tasks[0].done() and not self._handover.troubled
        return runs and now - self.polled < limit and now - self._unsent < UNSENT_SECONDS

    async def stop(self, grace: float = 5.0) -> None:
        """Send what is in hand, sweep, end the producer with all that it holds; then the next one may send."""
        self._stopping = True
        self._wake.set()
        if self._tasks:
            await asyncio.wait(self._tasks[:1], timeout=grace)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        try:
            await self._sender.drop()
        finally:
            if self.leading:
                with contextlib.suppress(Unavailable):
                    await self._lease.release()

    async def _run(self) -> None:
        while not self._stopping:
            self.polled = time.monotonic()
            try:
                await self._lead()
            except Fenced:
                self._follow()
                log.warning("relay.fenced", epoch=self._lease.epoch)
            except (Unavailable, KafkaError, TimeoutError, OSError) as error:
                log.warning("relay.waits", error=type(error).__name__)
            except Exception:  # noqa: BLE001 - the only sender must not end in silence
                log.exception("relay.failed")
            else:
                continue
            # Nothing may still be on its way when it begins anew, or when another one leads.
            await self._sender.drop()
            await asyncio.sleep(self._pause)
            self._pause = min(self._pause * 2, LONGEST_PAUSE)

    async def _lead(self) -> None:
        """Hold the lease for as long as it goes well: send what is handed over, read the outbox when in doubt."""
        if not await self._lease.acquire():
            self._follow()
            await _woken(self._wake, self._lease.seconds / 3)
            return
        self.leading = True
        _tell_leading(self._db.name, self._lease.epoch)
        self._handover.doubt()
        while not self._stopping:
            self.polled = time.monotonic()
            await self._lease.keep()
            self._wake.clear()
            if not self._handover.release(time.monotonic()):
                await self._send(self._handover.take())
            if self._hints.wait <= 0:
                await self._outbox.sweep()
                await self._read_others()
            if self._handover.doubtful or time.monotonic() - self._read > POLL_SECONDS:
                await asyncio.sleep(self._read + READ_PACE - time.monotonic())
                await self._outbox.sweep()
                await self._read_all()
            if not self._handover.doubtful:
                await self._rest()
        await self._outbox.sweep()

    async def _rest(self) -> None:
        """Wait for the next commit; what was sent is swept in a quiet moment, off the way of what is to be sent."""
        left = self._handover.left
        wait = min(QUIET_SECONDS if left else POLL_SECONDS, self._hints.wait)
        if left >= PAGE or not (await _woken(self._wake, wait) or self._hints.heard):
            await self._outbox.sweep()

    async def _read_others(self) -> None:
        """Send what other processes wrote, as if they had handed it over: its order is looked at, our own not read."""
        self._hints.follow()
        async for rows in self._outbox.pages(by_others=True):
            self.polled = time.monotonic()
            self._handover.put(self._handover.unsent(rows))
            await self._send(self._handover.take())

    async def _read_all(self) -> None:
        """Send all that the outbox holds, whatever is known of it."""
        self._handover.trust()
        self._read = self.polled = time.monotonic()
        async for rows in self._outbox.pages():
            await self._send(self._handover.unsent(rows))
            if self._handover.left >= PAGE:
                await self._outbox.sweep()
            self.polled = time.monotonic()
        self._handover.settle()

    async def _send(self, rows: Sequence[Document]) -> None:
        if not rows:
            return
        self._unsent = min(self._unsent, time.monotonic())
        try:
            async with aclosing(self._sender.send(rows)) as going:
                async for sent in going:
                    self.polled = time.monotonic()
                    if not self._sender.failing:
                        self._unsent, self._pause = self.polled, PAUSE
                    self._handover.sent(sent)
                    _count(self._db.name, sent)
                    await self._lease.keep()
        except Stuck as stuck:
            self._handover.hold(stuck.rows, time.monotonic())
        self._unsent = math.inf

    async def _listen(self) -> None:
        """Wake up for rows that other processes wrote; our own commits wake us directly."""
        match = {"operationType": "insert", "fullDocument.by": {"$ne": self._db.mongo.by}}
        async for _ in self._db.watch("outbox", match=match, fields=["documentKey"]):
            if self.leading:
                self._hints.note()
                self._wake.set()

    def _told(self, rows: Sequence[Document]) -> None:
        """Take over what this process has just committed."""
        if self.leading:
            self._handover.put(rows)
            self._wake.set()

    def _follow(self) -> None:
        self.leading, self._unsent = False, math.inf
        self._handover.leave()
        if not self._stopping:
            self._wake.clear()
        metrics.RELAY_LEADER.labels(self._db.name).set(0)


def _tell_leading(service: str, epoch: int) -> None:
    metrics.RELAY_LEADER.labels(service).set(1)
    metrics.RELAY_EPOCH.labels(service).set(epoch)
    log.info("relay.leading", epoch=epoch)


def _count(service: str, sent: Sequence[Document]) -> None:
    for topic, count in Counter(row["topic"] for row in sent).items():
        metrics.OUTBOX_PUBLISHED.labels(service, topic).inc(count)


async def _woken(wake: asyncio.Event, seconds: float) -> bool:
    """Wait until woken (True), for so long at most."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await wake.wait()
    return wake.is_set()
