"""Result events to stored scores, sustained, by one scoring process with its relay, beside a bare loop."""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.events import RESULT_TOPIC, SCORE_TOPIC, region_of, results, send_letters
from benchmarks.figures import Figure, Sample
from benchmarks.ground import Look, cpu_seconds, ground, teach_scoring, until
from deploy.local.processes import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from deploy.local import Platform

ROUNDS, REVISIONS = 3, 162
BATCH = 500
GOAL = 0.7


@dataclass(frozen=True, slots=True)
class Run:
    """Events per second, and microseconds of the process's own processor time per event."""

    rate: float
    cpu: float


def measure(tell: Callable[[str], None]) -> list[Figure]:
    """Each round: the same fresh records in the topic, consumed by us and by the floor, in turn first."""
    ours: list[Run] = []
    floor: list[Run] = []
    with ground("scoring") as platform:
        municipalities = region_of(43)
        platform.start_service("scoring")
        teach_scoring(platform, municipalities)
        platform.stop("scoring")
        names = [one.id for one in municipalities]
        for number in range(ROUNDS):
            letters = results(names, first=1 + number * REVISIONS, revisions=REVISIONS)
            events = asyncio.run(send_letters(platform.settings.kafka_address, letters))
            for runs, take in ((ours, by_us), (floor, by_hand))[:: 1 if number % 2 else -1]:
                runs.append(take(platform, number, events))
            tell(f"пересчёт, круг {number + 1}: {ours[-1].rate:,.0f} и {floor[-1].rate:,.0f} событий/с")
    spent = [statistics.median(run.cpu for run in runs) for runs in (ours, floor)]
    return [
        Figure(
            name="rescoring",
            what=f"события о результатах → сохранённые баллы, один процесс, порции по {BATCH}",
            unit="событий/с",
            ours=Sample(tuple(run.rate for run in ours)),
            floor=Sample(tuple(run.rate for run in floor)),
            goal=GOAL,
            better="more",
            bound=f"процессор процесса: {spent[0]:.0f} мкс на событие, у ориентира {spent[1]:.0f}; затем транзакция",
        )
    ]


def by_us(platform: Platform, number: int, events: int) -> Run:
    """From the first stored batch until all are stored and everything told is sent."""
    before, wanted = number * events, (number + 1) * events
    platform.start_service("scoring", role="worker")
    run = asyncio.run(_watched(platform, before, wanted))
    platform.stop("scoring")
    return run


async def _watched(platform: Platform, before: int, wanted: int) -> Run:
    first, pids = before, [platform.pid("scoring") or 0]

    async with Look(platform.settings, "scoring") as look:

        async def begun() -> bool:
            nonlocal first
            first = await look.reached("scoring", RESULT_TOPIC)
            return first > before

        async def ended() -> bool:
            return await look.reached("scoring", RESULT_TOPIC) >= wanted and not await look.waiting()

        began = await until(begun, pause=0.005)
        used = cpu_seconds(pids)
        seconds = await until(ended) - began
        return Run((wanted - first) / seconds, (cpu_seconds(pids) - used) * 1e6 / (wanted - first))


def by_hand(platform: Platform, number: int, events: int) -> Run:
    """The bare loop, by its own clocks from its first poll to its last commit."""
    task: dict[str, Any] = {
        "kafka": platform.settings.kafka_address,
        "mongo": platform.settings.mongo_uri,
        "topic": RESULT_TOPIC,
        "target": SCORE_TOPIC,
        "group": "floor",
        "collection": f"round{number}",
        "events": events,
        "batch": BATCH,
    }
    command = (sys.executable, "-m", "benchmarks.floors.consuming", json.dumps(task))
    done = asyncio.run(_by_hand(command, platform, task["collection"]))
    return Run(done["events"] / done["seconds"], done["cpu"] * 1e6 / done["events"])


async def _by_hand(command: tuple[str, ...], platform: Platform, collection: str) -> dict[str, float]:
    """The floor's process, watched as often as ours is, so that the watching weighs the same."""
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=subprocess.PIPE)
    async with Look(platform.settings, "floor") as look:
        output = asyncio.create_task(process.communicate())
        while not output.done():
            await look.count(collection)
            await asyncio.wait([output], timeout=0.02)
    done: dict[str, float] = json.loads(output.result()[0].splitlines()[-1])
    return done
