"""Memory of each of our processes: idle after the region is loaded, under load, and whether it grows on."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from benchmarks.corrections import Subject, subjects
from benchmarks.figures import Figure, Sample, slope
from benchmarks.ground import ground
from benchmarks.resident import resident, settle
from benchmarks.wire import Wire
from deploy.cli.api import Api
from deploy.cli.load import bring_region
from deploy.local import SERVICES

if TYPE_CHECKING:
    from collections.abc import Callable

    from deploy.local import Platform

SECONDS, SETTLED, WRITERS = 180.0, 60.0, 6
IDLE_GOAL, LOAD_GOAL, GROWTH_GOAL = 120.0, 200.0, 10.0
PAGES = ("/v1/ratings/2022?group=overall", "/v1/ratings/2022?group=results", "/v1/ratings/2022?group=vpr")
Points = dict[str, list[tuple[float, float]]]


def measure(tell: Callable[[str], None]) -> list[Figure]:
    """Idle first, then three minutes of corrections and readings; growth is that of the last two."""
    with ground(*SERVICES) as platform:
        for service in SERVICES:
            platform.start_service(service)
        started = _now(platform)
        bring_region(Api(settings=platform.settings), lambda _: None)
        settle(pid for name in SERVICES if (pid := platform.pid(name)))
        idle = _now(platform)
        tell("память в покое: " + ", ".join(f"{name} {size:.0f}" for name, size in idle.items()))
        corrections, points = asyncio.run(_under_load(platform))
    load = {name: max(size for _, size in seen) for name, seen in points.items()}
    tell("память под нагрузкой: " + ", ".join(f"{name} {size:.0f}" for name, size in load.items()))
    settled = {name: [(at / 60, size) for at, size in seen if at > SETTLED] for name, seen in points.items()}
    growth = {name: slope(seen) for name, seen in settled.items()}
    rate = corrections / SECONDS
    return [
        _largest("memory.started", "память процесса сразу после запуска", started, goal=IDLE_GOAL),
        _largest("memory.idle", "память процесса в покое (область загружена)", idle, goal=IDLE_GOAL),
        _largest("memory.load", f"память процесса под нагрузкой ({rate:.0f} исправлений/с)", load, goal=LOAD_GOAL),
        _largest("memory.growth", "рост памяти под нагрузкой после разгона", growth, goal=GROWTH_GOAL, unit="МиБ/мин"),
    ]


def _largest(name: str, what: str, sizes: dict[str, float], *, goal: float, unit: str = "МиБ") -> Figure:
    told = ", ".join(f"{service} {size:.0f}" for service, size in sizes.items())
    return Figure(name=name, what=what, unit=unit, ours=Sample(tuple(sizes.values())), goal=goal, bound=told)


def _now(platform: Platform) -> dict[str, float]:
    """Resident memory of each service in MiB."""
    pids = {name: platform.pid(name) for name in SERVICES}
    return {name: resident(pid) for name, pid in pids.items() if pid}


async def _under_load(platform: Platform) -> tuple[int, Points]:
    """Correct and read for a while; how many corrections, and the sizes by the second."""
    api = Api(settings=platform.settings)
    chosen = subjects(api, 40 * WRITERS)
    began = time.perf_counter()
    writers = [
        asyncio.create_task(_correct(platform, api.token, chosen[place::WRITERS], began + SECONDS))
        for place in range(WRITERS)
    ]
    reader = asyncio.create_task(_read(platform, api.token, began + SECONDS))
    points: Points = {name: [] for name in SERVICES}
    while time.perf_counter() < began + SECONDS:
        for name, size in _now(platform).items():
            points[name].append((time.perf_counter() - began, size))
        await asyncio.sleep(1)
    done = await asyncio.gather(*writers)
    await reader
    return sum(done), points


async def _correct(platform: Platform, token: str, chosen: list[Subject], ends: float) -> int:
    wire = await Wire.to(platform.settings.port("monitoring"), token)
    count = 0
    while time.perf_counter() < ends:
        await chosen[count % len(chosen)].correct(wire)
        count += 1
    wire.close()
    return count


async def _read(platform: Platform, token: str, ends: float) -> None:
    scores = await Wire.to(platform.settings.port("scoring"), token)
    inbox = await Wire.to(platform.settings.port("notification"), Api("ministry", settings=platform.settings).token)
    while time.perf_counter() < ends:
        for page in PAGES:
            (await scores.ask("GET", page)).json()
        (await inbox.ask("GET", "/v1/inbox")).json()
        await asyncio.sleep(0.05)
    scores.close()
    inbox.close()
