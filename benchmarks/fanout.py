"""Many open live streams: what each costs in memory, and when the last of them has a change; beside one stream."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

from benchmarks.corrections import Subject, subjects
from benchmarks.figures import Figure, Sample
from benchmarks.ground import ground
from benchmarks.wire import Wire
from deploy.cli.api import Api
from deploy.cli.load import bring_region
from deploy.local import SERVICES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from deploy.local import Platform

MANY, ROUNDS, AT_ONCE = 500, 7, 50
DOORS = {"notification": "/v1/stream", "portal": "/stream"}
MEMORY_GOAL = 100.0
KIB = 1024


@dataclass(frozen=True, slots=True)
class Listener:
    """One open stream: its connection and the lines of data that come over it."""

    wire: Wire
    lines: AsyncIterator[bytes]


def measure(tell: Callable[[str], None]) -> list[Figure]:
    """Streams of the service itself, then through the portal, which holds one connection more for each."""
    # All are opened by one person here; those of the door before may not be closed yet.
    os.environ["RSOKO_STREAMS_EACH"] = str(3 * MANY)
    try:
        with ground(*SERVICES) as platform:
            for service in SERVICES:
                platform.start_service(service)
            bring_region(Api(settings=platform.settings), tell)
            return [figure for door in DOORS for figure in asyncio.run(_door(platform, door, tell))]
    finally:
        del os.environ["RSOKO_STREAMS_EACH"]


async def _door(platform: Platform, door: str, tell: Callable[[str], None]) -> list[Figure]:
    api = Api("regional_operator", settings=platform.settings)
    corrected = subjects(api, ROUNDS + 1)
    single = await _opened(platform, door, 1)
    alone = await _delays(platform, single, corrected)
    process = psutil.Process(platform.pid(door))
    before = process.memory_info().rss
    listeners = await _opened(platform, door, MANY)
    grown = (process.memory_info().rss - before) / KIB / MANY
    together = await _delays(platform, listeners, corrected)
    for listener in (*single, *listeners):
        listener.wire.close()
    tell(f"{door}: {grown:.0f} КиБ на поток; до последнего из {MANY} потоков {max(together):.0f} мс")
    bound = f"всего {process.memory_info().rss / KIB / KIB:.0f} МиБ; клиент в том же процессоре"
    return [
        Figure(
            name=f"fanout.{door}.memory",
            what=f"память {door} на открытый поток ({MANY})",
            unit="КиБ",
            ours=Sample((grown,)),
            goal=MEMORY_GOAL,
            bound=bound,
        ),
        Figure(
            name=f"fanout.{door}.delay",
            what=f"исправление (POST) → последний из {MANY} потоков {door}, ориентир: один поток",
            unit="мс",
            ours=Sample(tuple(together)),
            floor=Sample(tuple(alone)),
            bound="один разбор события на всех; дальше запись в каждое соединение",
        ),
    ]


async def _opened(platform: Platform, door: str, count: int) -> list[Listener]:
    """So many streams, each with its first line read."""
    token = Api("ministry", settings=platform.settings).token
    gate = asyncio.Semaphore(AT_ONCE)

    async def one() -> Listener:
        async with gate:
            wire = await Wire.to(platform.settings.port(door), token)
            listener = Listener(wire, wire.events(DOORS[door]))
            await anext(listener.lines)
            await anext(listener.lines)
            return listener

    return list(await asyncio.gather(*(one() for _ in range(count))))


async def _delays(platform: Platform, listeners: list[Listener], corrected: list[Subject]) -> list[float]:
    """Milliseconds from each correction to its arrival on the last of the streams; the first one only warms up."""
    post = await Wire.to(
        platform.settings.port("monitoring"), Api("regional_operator", settings=platform.settings).token
    )
    found = []
    for subject in corrected:
        began = time.perf_counter()
        arrivals = [asyncio.create_task(_arrived(one.lines, subject.id.encode())) for one in listeners]
        await subject.correct(post)
        async with asyncio.timeout(30):
            found.append((max(await asyncio.gather(*arrivals)) - began) * 1000)
    post.close()
    return found[1:]


async def _arrived(lines: AsyncIterator[bytes], about: bytes) -> float:
    while about not in await anext(lines):
        continue
    return time.perf_counter()
