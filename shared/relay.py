"""Outbox → Kafka: under a lease, in sequence per key, with an idempotent producer; the only sender there is."""

import asyncio
import contextlib
import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from shared.kernel import Unavailable
from shared.mongo import Database, DeleteMany, Document, Fenced, Tx, UpdateOne
from shared.telemetry import log, metrics

LEASE_SECONDS = 6.0
PAGE = 1000
POLL_SECONDS = 1.0
# A page that is not acknowledged for so long is told in the health: Kafka is away or refuses.
UNSENT_SECONDS = 3.0
MakeProducer = Callable[[], AIOKafkaProducer]


@dataclass(slots=True)
class Lease:
    """Who may send: an owner, known by its stable id, with an epoch that fences everybody before it."""

    database: Database
    owner: str
    seconds: float = LEASE_SECONDS
    epoch: int = 0

    async def acquire(self) -> bool:
        """Take the lease if it is free, over, or our own from an earlier life; by the server's clock."""
        free = {
            "$or": [
                {"$eq": [{"$ifNull": ["$owner", self.owner]}, self.owner]},
                {"$lt": ["$expires", "$$NOW"]},
            ]
        }
        taken = self._claim({"$add": [{"$ifNull": ["$epoch", 0]}, 1]})["$set"]
        keep_or_take = {"$set": {name: {"$cond": [free, value, f"${name}"]} for name, value in taken.items()}}
        found = await self.database.update("leases", {"_id": "relay"}, [keep_or_take], upsert=True)
        if found is None or found["owner"] != self.owner:
            return False
        self.epoch = int(found["epoch"])
        return True

    async def renew(self) -> None:
        """Keep the lease; raises `Fenced` when another owner or a later life of ours has it."""
        mine = {"_id": "relay", "owner": self.owner, "epoch": self.epoch}
        if await self.database.update("leases", mine, [self._claim(self.epoch)]) is None:
            raise Fenced("relay")

    async def release(self) -> None:
        """Let the next one in at once."""
        mine = {"_id": "relay", "owner": self.owner, "epoch": self.epoch}
        await self.database.update("leases", mine, [{"$set": {"expires": "$$NOW"}}])

    async def hold(self, tx: Tx) -> None:
        """Inside a transaction: go on only while the lease is ours, and keep it."""
        mine = {"_id": "relay", "owner": self.owner, "epoch": self.epoch}
        if not await tx.write("leases", [UpdateOne(mine, [self._claim(self.epoch)])]):
            raise Fenced("relay")

    def _claim(self, epoch: Any) -> dict[str, Any]:
        until = {"$add": ["$$NOW", int(self.seconds * 1000)]}
        return {"$set": {"owner": self.owner, "epoch": epoch, "expires": until}}


class Sender:
    """Sends rows in order; after a failure with a new producer, since the old one may be stuck on its numbers."""

    def __init__(self, make: MakeProducer) -> None:
        self._make = make
        self._producer: AIOKafkaProducer | None = None

    async def send(self, rows: Sequence[Document]) -> None:
        """All rows, acknowledged; raises the first failure, after which nothing is known of the rest."""
        producer = self._producer or await self._connect()
        sent = [
            await producer.send(row["topic"], value=row["value"], key=row["key"], headers=_headers(row)) for row in rows
        ]
        outcomes = await asyncio.gather(*sent, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    async def _connect(self) -> AIOKafkaProducer:
        producer = self._make()
        try:
            async with asyncio.timeout(10):
                await producer.start()
        except BaseException:
            with contextlib.suppress(Exception):
                await producer.stop()
            raise
        self._producer = producer
        return producer

    async def drop(self) -> None:
        """Close the producer; the next send makes a new one."""
        producer, self._producer = self._producer, None
        if producer is not None:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(producer.stop(), 3)


class Relay:
    """Sends what the outbox holds and deletes what the broker acknowledged."""

    def __init__(self, database: Database, *, owner: str, producer: MakeProducer, lease: float = LEASE_SECONDS) -> None:
        self._db = database
        self._lease = Lease(database, owner, lease)
        self._sender = Sender(producer)
        self._wake = asyncio.Event()
        self._stopping = self.leading = False
        self._renewed = 0.0
        self._unsent = math.inf
        self._tasks: list[asyncio.Task[None]] = []
        self.polled = time.monotonic()

    def start(self) -> None:
        """Begin to send; returns at once."""
        self._db.on_told(self._wake.set)
        self._tasks = [asyncio.create_task(self._run(), name="relay"), asyncio.create_task(self._listen(), name="hint")]

    def alive(self, limit: float = 30.0) -> bool:
        """Whether it looks at the outbox (as leader or waiting for the lease) and gets rid of what it finds there."""
        now = time.monotonic()
        runs = bool(self._tasks) and not self._tasks[0].done()
        return runs and now - self.polled < limit and now - self._unsent < UNSENT_SECONDS

    async def stop(self, grace: float = 5.0) -> None:
        """Send the page in hand, give the lease back, close the producer."""
        self._stopping = True
        self._wake.set()
        if self._tasks:
            await asyncio.wait(self._tasks[:1], timeout=grace)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.leading:
            with contextlib.suppress(Unavailable):
                await self._lease.release()
        await self._sender.drop()

    async def _run(self) -> None:
        pause = 0.1
        while not self._stopping:
            self.polled = time.monotonic()
            try:
                await self._lead()
                pause = 0.1
            except Fenced:
                self._follow()
                log.warning("relay.fenced", epoch=self._lease.epoch)
            except (Unavailable, KafkaError, TimeoutError, OSError) as error:
                log.warning("relay.waits", error=type(error).__name__)
                await self._sender.drop()
                await asyncio.sleep(pause)
                pause = min(pause * 2, 2.0)
            except Exception:  # noqa: BLE001 - the only sender must not end in silence
                log.exception("relay.failed")
                await self._sender.drop()
                await asyncio.sleep(1.0)

    async def _lead(self) -> None:
        """Hold the lease for as long as it goes well, sending page after page."""
        if not await self._lease.acquire():
            self._follow()
            await self._sleep(self._lease.seconds / 3)
            return
        self.leading, self._renewed = True, time.monotonic()
        metrics.RELAY_LEADER.labels(self._db.name).set(1)
        metrics.RELAY_EPOCH.labels(self._db.name).set(self._lease.epoch)
        log.info("relay.leading", epoch=self._lease.epoch)
        after: Document | None = None
        while not self._stopping:
            self.polled = time.monotonic()
            await self._renew_in_time()
            self._wake.clear()
            from_start = after is None
            rows = await self._page(after)
            if rows:
                await self._send(rows)
                await self._done(rows)
            after = rows[-1]["_id"] if len(rows) == PAGE else None
            if from_start and after is None:
                # All there was is sent; what was committed meanwhile has set the wake again.
                await self._sleep(POLL_SECONDS)

    async def _page(self, after: Document | None) -> list[Document]:
        """The next rows by key and sequence; going on behind the last page, so that no key starves another."""
        return await self._db.find("outbox", {"_id": {"$gt": after}} if after else {}, sort=[("_id", 1)], limit=PAGE)

    async def _send(self, rows: Sequence[Document]) -> None:
        self._unsent = min(self._unsent, time.monotonic())
        async with asyncio.timeout(self._lease.seconds * 2):
            await self._sender.send(rows)
        self._unsent = math.inf
        for topic, count in Counter(row["topic"] for row in rows).items():
            metrics.OUTBOX_PUBLISHED.labels(self._db.name, topic).inc(count)

    async def _done(self, rows: Sequence[Document]) -> None:
        """Delete what was acknowledged, only under our epoch."""

        async def mark(tx: Tx) -> None:
            await self._lease.hold(tx)
            await tx.write("outbox", [DeleteMany({"_id": {"$in": [row["_id"] for row in rows]}})])

        await self._db.transact(mark)
        self._renewed = time.monotonic()

    async def _renew_in_time(self) -> None:
        if time.monotonic() - self._renewed > self._lease.seconds / 3:
            await self._lease.renew()
            self._renewed = time.monotonic()

    async def _listen(self) -> None:
        """Wake up for rows that other processes wrote; our own commits wake us directly."""
        match = {"operationType": "insert", "fullDocument.by": {"$ne": self._db.mongo.by}}
        async for _ in self._db.watch("outbox", match=match, fields=["documentKey"]):
            self._wake.set()

    def _follow(self) -> None:
        self.leading, self._unsent = False, math.inf
        metrics.RELAY_LEADER.labels(self._db.name).set(0)

    async def _sleep(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), seconds)


def _headers(row: Document) -> list[tuple[str, bytes]]:
    raw = [(name, value if value is not None else b"") for name, value in row.get("raw_headers", ())]
    return raw + [(name, text.encode()) for name, text in row["headers"].items()]


async def outbox_state(database: Database) -> tuple[int, float]:
    """How many rows wait, and for how many seconds the oldest has waited."""
    depth = await database.count("outbox", {})
    oldest = await database.find("outbox", {}, fields=["at"], sort=[("at", 1)], limit=1) if depth else []
    age = (database.mongo.clock() - oldest[0]["at"]).total_seconds() if oldest else 0.0
    return depth, max(age, 0.0)
