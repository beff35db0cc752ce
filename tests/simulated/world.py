"""Workers of one group on a Kafka and a store in memory, with whatever troubles a plan has for them."""

import asyncio
import itertools
from collections import Counter, defaultdict
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiokafka import client as aiokafka_client
from pydantic import SecretStr

from shared.batch import Batch
from shared.broker import Kafka, Listener
from shared.envelope import Opened
from shared.settings import Settings
from tests.simulated.broker import Broker
from tests.simulated.clock import passes, spend
from tests.simulated.store import Database, Store, away
from tests.simulated.truth import GROUP, TOPIC, Truth, key_of

PARTITIONS, WORKERS = 2, 2
KIND = "ru.rsoko.test.thing.done.v1"
HEADERS: list[tuple[str, bytes | None]] = [
    ("ce_specversion", b"1.0"),
    ("ce_id", b"1"),
    ("ce_source", b"test"),
    ("ce_type", KIND.encode()),
]
# After the last trouble something is handled within so long: sessions, rebalances and patience are over by then.
QUIET = 120
STORES = frozenset({"find", "write", "transact"})
# One event of a plan: what, and its numbers.
Event = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Plan:
    """What happens in a run: `delays` in milliseconds, by the kind of request, in turn; `events` after such pauses.

    `before` and `stored`, `committed` of a partition: how many records wait, and the places from an earlier life.
    """

    before: tuple[int, ...] = (0, 0)
    stored: tuple[int | None, ...] = (None, None)
    committed: tuple[int | None, ...] = (None, None)
    most: int = 3
    fetched: int = 4
    delays: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    events: tuple[tuple[int, Event], ...] = ()


class World:
    """One run of a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.broker = Broker(self._pause, fetched=plan.fetched)
        self.broker.make(TOPIC, PARTITIONS, HEADERS)
        self.logs = self.broker.topics[TOPIC]
        self.truth = Truth(self.logs)
        self.broker.committed = self.truth.committed
        self.store = Store(self.truth.moved)
        self.workers: dict[int, Kafka] = {}
        self._clients: dict[int, str] = {}
        self._dead: set[str] = set()
        self._lives = itertools.count()
        self._turns: Counter[str] = Counter()
        self._until: defaultdict[str, float] = defaultdict(float)
        self._owners: dict[asyncio.Task[Any], int] = {}
        self._beginning: int | None = None
        self._forever: list[asyncio.Future[None]] = []

    async def live(self) -> list[str]:
        """Go through the plan, then wait until all is handled; what was wrong."""
        asyncio.get_running_loop().set_task_factory(self._task)
        with pytest.MonkeyPatch.context() as patching:
            patching.setattr(aiokafka_client, "create_conn", self.broker.connect)
            self._begin()
            self._start(0)
            for pause, (what, one, more) in self.plan.events:
                await passes(pause / 1000)
                done = getattr(self, f"_{what}")(one, more)
                if done is not None:
                    await done
            await self._end()
        return [*self.truth.faults, *self.broker.faults]

    def _begin(self) -> None:
        for partition, log in enumerate(self.logs):
            self._write(partition, self.plan.before[partition])
            stored, committed = self.plan.stored[partition], self.plan.committed[partition]
            if stored is not None:
                ids = {"cluster": self.broker.cluster, "topic_id": self.broker.topic_id(TOPIC)}
                at = min(stored, log.end)
                self.store.rows[key_of(partition)] = {"_id": key_of(partition), "next": at, **ids}
                self.truth.set(key_of(partition), at)
                if committed is not None:
                    self.broker.group(GROUP).committed[TOPIC, partition] = min(committed, log.end)

    async def _end(self) -> None:
        loop = asyncio.get_running_loop()
        for partition, log in enumerate(self.logs):
            for producer in [*log.open]:
                log.finish(producer, commit=bool(partition))
        self.broker.changed()
        for worker in range(WORKERS):
            self._start(worker)
        # Troubles of a plan end by themselves, some of them later.
        await self._settled(max([loop.time(), *self._until.values()]) + QUIET)
        for worker in [*self.workers]:
            await self._stop(worker)
        # What a crash has left is no test's business.
        for task in self._owners:
            task.cancel()

    async def _settled(self, over: float) -> None:
        """All is handled, or for too long nothing more is."""
        loop, before = asyncio.get_running_loop(), dict(self.truth.places)
        while self.truth.left(self.store.rows) and loop.time() < over and not self.truth.faults:
            await passes(1)
            if before != self.truth.places:
                over, before = max(over, loop.time() + QUIET), dict(self.truth.places)
        left = [] if self.truth.faults else self.truth.left(self.store.rows)
        fallen = [f"worker {one} is not alive" for one, kafka in self.workers.items() if not kafka.alive()]
        self.truth.faults += left + fallen

    def _start(self, worker: int, _: int = 0) -> None:
        if worker in self.workers:
            return
        client = f"life{next(self._lives)}"
        self._clients[worker] = f"{client}-worker{worker}"
        mongo = SecretStr("mongodb://simulated")
        settings = Settings(env="local", kafka=("simulated:9092",), mongo=mongo, instance="x")
        database = Database(self.store, self._clients[worker], self._pause)

        async def handle(batch: Batch[str]) -> None:
            async def body(_: Any) -> None:
                if any(heard.event == "bug" for heard in batch.heard):
                    raise ZeroDivisionError

            await database.transact(body, batch=batch)

        kafka = self.workers[worker] = Kafka(settings, client, f"worker{worker}")
        readers = {TOPIC: {KIND: self._read}}
        kafka.listen(Listener(GROUP, readers, handle, "dlq", max_records=self.plan.most), database)
        self._beginning = worker
        kafka.start()
        self._beginning = None

    async def _stop(self, worker: int, _: int = 0) -> None:
        if kafka := self.workers.pop(worker, None):
            await kafka.stop()

    def _write(self, partition: int, count: int) -> None:
        for first in range(0, count, 3):
            self.logs[partition].append([b"good"] * min(3, count - first))
        self.broker.changed()

    async def _pause(self, client: str, what: str) -> None:
        """On the way: late by turns, for ever where the process is gone, refused where the other side is away."""
        loop = asyncio.get_running_loop()
        kind = what.partition(".")[0]
        await passes(self._delay(kind))
        await passes(self._until[client] - loop.time())
        if client in self._dead:
            self._forever.append(loop.create_future())
            await self._forever[-1]
        if kind in STORES and self._until["store"] > loop.time():
            raise away()

    def _delay(self, kind: str) -> float:
        delays = self.plan.delays.get(kind, (1,))
        self._turns[kind] += 1
        return delays[self._turns[kind] % len(delays)] / 1000

    def _read(self, opened: Opened) -> str:
        spend(self._delay("read"))
        return opened.data.decode()

    def _task(self, loop: asyncio.AbstractEventLoop, body: Coroutine[Any, Any, Any], **more: Any) -> asyncio.Task[Any]:
        """A task belongs to the worker whose task began it."""
        task = asyncio.Task(body, loop=loop, **more)
        current = asyncio.current_task(loop)
        owner = self._beginning
        if owner is None and current is not None:
            owner = self._owners.get(current)
        if owner is not None:
            self._owners[task] = owner
        return task
