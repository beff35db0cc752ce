"""What a second worker costs: processor time per event of all our processes with two, beside one."""

from __future__ import annotations

import asyncio
import re
import signal
from typing import TYPE_CHECKING

import httpx

from benchmarks.events import RESULT_TOPIC, region_of, results, send_letters
from benchmarks.figures import Figure, Sample
from benchmarks.ground import Look, cpu_seconds, ground, teach_scoring, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from deploy.local import Platform

ROUNDS, WARM, REVISIONS = 5, 3, 28
GOAL = 1.1
SECOND = "scoring-2"
HELD = re.compile(r"^rsoko_consumer_assigned_partitions\{[^}]*\} (\d+)", re.MULTILINE)


def measure(tell: Callable[[str], None]) -> list[Figure]:
    """Each round: the same number of fresh events for one worker, then (or before) for two.

    Each time some events come first that do not count: a worker that has just started has everything to learn.
    """
    used: dict[int, list[float]] = {1: [], 2: []}
    revision = 1
    with ground("scoring") as platform:
        municipalities = region_of(43)
        names = [one.id for one in municipalities]
        platform.start_service("scoring")
        teach_scoring(platform, municipalities)
        asyncio.run(_flow(platform, names, (revision, 1), workers=1))
        revision += 1
        for number in range(ROUNDS):
            for workers in (1, 2) if number % 2 else (2, 1):
                _set(platform, workers)
                asyncio.run(_flow(platform, names, (revision, WARM), workers=workers))
                spent = asyncio.run(_flow(platform, names, (revision + WARM, REVISIONS), workers=workers))
                used[workers].append(spent)
                revision += WARM + REVISIONS
            tell(f"работники, круг {number + 1}: один {used[1][-1]:.3f}, два {used[2][-1]:.3f} мс на событие")
    return [
        Figure(
            name="workers",
            what="время процессора на событие с двумя работниками (ориентир: с одним)",
            unit="мс",
            ours=Sample(tuple(used[2])),
            floor=Sample(tuple(used[1])),
            goal=GOAL,
            bound="второй работник следит за карточками первого по потоку изменений MongoDB",
        )
    ]


def _set(platform: Platform, workers: int) -> None:
    """Have one or two scoring processes, each with its share of the partitions."""
    if workers == 1:
        platform.stop(SECOND)
    else:
        platform.start_service("scoring", number=2, port=platform.settings.port("roadmap"), role="worker")
    asyncio.run(until(lambda: asyncio.to_thread(_shared, platform, workers), seconds=40, pause=0.2))


def _shared(platform: Platform, workers: int) -> bool:
    ports = [platform.settings.port("scoring"), platform.settings.port("roadmap")][:workers]
    held = []
    for port in ports:
        found = HELD.search(httpx.get(f"http://127.0.0.1:{port}/metrics").text)
        held.append(int(found[1]) if found else 0)
    # A group of two shares every topic; alone, one has all of it.
    return all(held) and (workers == 1 or max(held) <= 2 * min(held) + 2)


async def _flow(platform: Platform, names: list[str], revisions: tuple[int, int], *, workers: int) -> float:
    """Milliseconds of processor time per event; the backlog is prepared while our processes are stopped."""
    pids = [pid for name in ("scoring", SECOND)[:workers] if (pid := platform.pid(name))]
    letters = list(results(names, first=revisions[0], revisions=revisions[1]))
    async with Look(platform.settings, "scoring") as look:
        wanted = await look.reached("scoring", RESULT_TOPIC) + len(letters)
        before = cpu_seconds(pids)
        _signal(platform, workers, signal.SIGSTOP)
        try:
            await send_letters(platform.settings.kafka_address, letters)
        finally:
            _signal(platform, workers, signal.SIGCONT)

        async def done() -> bool:
            return await look.reached("scoring", RESULT_TOPIC) >= wanted and not await look.waiting()

        await until(done, pause=0.1)
    return (cpu_seconds(pids) - before) * 1000 / len(letters)


def _signal(platform: Platform, workers: int, number: int) -> None:
    for name in ("scoring", SECOND)[:workers]:
        platform.signal(name, number)
