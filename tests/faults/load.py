"""A steady, seeded load: one thing after another at a pace, each until its outcome is known."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field

from shared.testing import eventually
from tests.faults.deeds import BY_KAFKA, Deeds
from tests.faults.history import History
from tests.faults.pause import pause
from tests.faults.world import World

MOST_OPEN = 12
QUIET_WITHIN = 120.0
# How often each is done, of 100.
SHARES = {
    "accept": 20,
    "revise": 24,
    "batch": 2,
    "race": 4,
    "intrude": 2,
    "report": 30,
    "late": 5,
    "again": 5,
    "keyless": 2,
    "bad": 4,
    "reused": 2,
}


@dataclass
class Load:
    """Does one thing after another at a pace, each until its outcome is known."""

    world: World
    history: History
    rng: random.Random
    rate: float = 20.0
    done: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Begin at rest."""
        self._deeds = Deeds(self.world, self.history, self.rng)
        self._running = asyncio.Event()
        self._open: set[asyncio.Task[None]] = set()
        self._driver: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, or go on after a rest."""
        self._running.set()
        self._driver = self._driver or asyncio.create_task(self._drive(), name="load")

    async def rest(self) -> None:
        """Pause, and wait until every outcome is known."""
        self._running.clear()
        await eventually(lambda: not self._open, within=QUIET_WITHIN, what="every outcome known")
        self._fail_if_over()

    async def stop(self) -> None:
        """End for good."""
        tasks = [*self._open, *([self._driver] if self._driver else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._deeds.sender.stop()

    async def more(self, count: int, *, within: float = 60.0) -> None:
        """Wait until so many more things were done."""
        goal = self.done.total() + count

        def reached() -> bool:
            self._fail_if_over()
            return self.done.total() >= goal

        await eventually(reached, within=within, what=f"{count} more outcomes")

    def _fail_if_over(self) -> None:
        if self._driver and self._driver.done():
            self._driver.result()

    async def _drive(self) -> None:
        names, weights = list(SHARES), list(SHARES.values())
        while True:
            await self._running.wait()
            name = self.rng.choices(names, weights)[0]
            # What one door cannot take must not keep the other from being used.
            alike = [task for task in self._open if (task.get_name() in BY_KAFKA) == (name in BY_KAFKA)]
            if len(alike) < MOST_OPEN:
                task = asyncio.create_task(self._do(name), name=name)
                self._open.add(task)
                task.add_done_callback(self._over)
            await pause(1 / self.rate)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._open.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.history.wrong("outcome-unknown", f"{task.get_name()}: {error!r}")

    async def _do(self, name: str) -> None:
        if await self._deeds.by_name[name]():
            self.done[name] += 1
