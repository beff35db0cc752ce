"""One trial: the world, its history, the load, the watchers, the checker and the nemesis, wired together."""

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.checks import Checker
from tests.faults.history import History, Violation
from tests.faults.load import Load
from tests.faults.nemesis import Nemesis
from tests.faults.report import Report
from tests.faults.watching import Places, Streamed
from tests.faults.workers import Fault
from tests.faults.world import World

SHOWN = 20


@dataclass
class Trial:
    """Everything about one platform under test."""

    world: World
    history: History
    load: Load
    nemesis: Nemesis
    checker: Checker
    report: Report

    async def suffer(self, kind: str) -> list[Violation]:
        """One fault under load, then rest and every check; what was broken."""
        self.load.start()
        await self.load.more(20)
        fault: Fault = await self.nemesis.inject(kind)
        await self.load.more(30)
        await self.load.rest()
        began = time.monotonic()
        broken = await self.checker.settling.rest()
        caught_up = time.monotonic() - began
        broken += await self.checker.check()
        self.report.note(fault, caught_up, self.checker)
        return broken


@asynccontextmanager
async def trial(home: Path, seed: int, *, apps: Mapping[str, str] | None = None) -> AsyncIterator[Trial]:
    """Start a platform, load the region quietly, begin to watch; stop everything at the end."""
    # Clients of a killed broker say so hundreds of times.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    world, history, rng = World(home, apps=apps), History(), random.Random(seed)
    watchers: list[asyncio.Task[None]] = []
    load: Load | None = None
    try:
        await world.start()
        streamed, places = Streamed(world), Places(world)
        watchers = [asyncio.create_task(streamed.follow()), asyncio.create_task(places.follow())]
        await world.bring_region(history)
        load = Load(world, history, rng)
        checker = Checker(world, history, streamed, places)
        nemesis = Nemesis(world, load, rng, (checker.results, checker.scores))
        yield Trial(world, history, load, nemesis, checker, Report(seed))
    finally:
        for watcher in watchers:
            watcher.cancel()
        await asyncio.gather(*watchers, return_exceptions=True)
        if load is not None:
            await load.stop()
        await world.stop()


def words(seed: int, kind: str, broken: list[Violation]) -> str:
    """What was broken, so that it can be done again."""
    lines = [f"{one.kind}: {one.text}" for one in broken[:SHOWN]]
    more = f"\n… and {len(broken) - SHOWN} more" if len(broken) > SHOWN else ""
    again = f"again: RSOKO_FAULTS_SEED={seed} ./rsoko test tests/faults"
    return f"seed {seed}, after «{kind}»: {len(broken)} broken ({again})\n" + "\n".join(lines) + more
