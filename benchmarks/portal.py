"""The portal's pages as a person meets them: milliseconds of the whole answer, bytes, and how they travel packed."""

from __future__ import annotations

import asyncio
import gzip
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.figures import Figure, Sample, percentile
from benchmarks.ground import ground
from benchmarks.wire import Wire
from deploy.cli.api import Api
from deploy.cli.load import bring_region
from deploy.local import SERVICES
from deploy.local.issuer.people import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from deploy.local import Platform

ROUNDS, PAGES, WARM = 5, 40, 10
GOAL, BYTES_GOAL = 50.0, 250.0
KIB = 1024


@dataclass(frozen=True, slots=True)
class Case:
    """One page: its name, what it is called, its address."""

    name: str
    what: str
    path: str


CASES = (
    Case("centre", "ситуационный центр", "/?period=2022"),
    Case("municipality", "страница муниципалитета", f"/municipalities/{EXAMPLES['municipality']}?period=2022"),
    Case("what-if", "что если", f"/municipalities/{EXAMPLES['municipality']}/what-if?period=2022&procedure=vpr"),
    Case("inbox", "входящие", "/inbox"),
)


def measure(tell: Callable[[str], None]) -> list[Figure]:
    """Each page asked one after another by a signed-in official, while nothing else happens."""
    with ground(*SERVICES) as platform:
        for service in SERVICES:
            platform.start_service(service)
        bring_region(Api(settings=platform.settings), tell)
        return [figure for case in CASES for figure in asyncio.run(_figures(platform, case, tell))]


async def _figures(platform: Platform, case: Case, tell: Callable[[str], None]) -> list[Figure]:
    wire = await Wire.to(platform.settings.port("portal"), Api("regional_operator", settings=platform.settings).token)
    await _block(wire, case, WARM)
    blocks = [await _block(wire, case, PAGES) for _ in range(ROUNDS)]
    body = (await wire.ask("GET", case.path)).body
    wire.close()
    every = [one for block in blocks for one in block]
    tell(f"{case.what}: {percentile(every, 0.5):.1f} мс, {len(body) / KIB:.0f} КиБ")
    packed = f"сжатая {len(gzip.compress(body)) / KIB:.1f} КиБ"
    return [
        Figure(
            name=f"portal.{case.name}.p50",
            what=f"страница «{case.what}», медиана",
            unit="мс",
            ours=Sample(tuple(percentile(block, 0.5) for block in blocks)),
            goal=GOAL,
            bound="параллельные запросы к службам и шаблон",
        ),
        Figure(
            name=f"portal.{case.name}.p99",
            what=f"то же, 99-й процентиль из {len(every)}",
            unit="мс",
            ours=Sample((percentile(every, 0.99),)),
        ),
        Figure(
            name=f"portal.{case.name}.bytes",
            what="то же, размер",
            unit="КиБ",
            ours=Sample((len(body) / KIB,)),
            goal=BYTES_GOAL,
            bound=packed,
        ),
    ]


async def _block(wire: Wire, case: Case, count: int) -> list[float]:
    times = []
    for _ in range(count):
        began = time.perf_counter()
        answer = await wire.ask("GET", case.path)
        times.append((time.perf_counter() - began) * 1000)
        if answer.status != 200:
            raise RuntimeError(f"{case.path}: {answer.status}")
    return times
