"""A correction posted to its notification on the live stream, beside the bare chain of three stores and two hops."""

from __future__ import annotations

import asyncio
import statistics
import time
from typing import TYPE_CHECKING

from benchmarks.corrections import Subject, subjects
from benchmarks.figures import Figure, Sample, percentile
from benchmarks.floors.chain import COMMANDS, Chain
from benchmarks.ground import Look, ground
from benchmarks.wire import Wire
from deploy.cli.api import Api
from deploy.cli.load import bring_region
from deploy.local import STORED

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from deploy.local import Platform

ROUNDS, POSTS, WARM = 6, 60, 20
MEDIAN_GOAL, TAIL_GOAL = 1.5, 3.0
Blocks = list[tuple[list[float], int]]


def measure(tell: Callable[[str], None]) -> list[Figure]:
    """Blocks of posts, one at a time, in turn with blocks of bare chains."""
    with ground(*STORED) as platform:
        for service in STORED:
            platform.start_service(service)
        bring_region(Api(settings=platform.settings), tell)
        ours, floor = asyncio.run(_rounds(platform, tell))
    asked = sum(count for _, count in ours) / (ROUNDS * POSTS)
    return [
        Figure(
            name="notification.p50",
            what="исправление (POST) → уведомление в живой ленте, медиана",
            unit="мс",
            ours=Sample(tuple(statistics.median(block) for block, _ in ours)),
            floor=Sample(tuple(statistics.median(block) for block, _ in floor)),
            goal=MEDIAN_GOAL,
            bound=f"обращения к MongoDB: {asked:.0f} на исправление (с фоном), у ориентира {COMMANDS}",
        ),
        Figure(
            name="notification.p99",
            what=f"то же, 99-й процентиль из {ROUNDS * POSTS}",
            unit="мс",
            ours=Sample((percentile([one for block, _ in ours for one in block], 0.99),)),
            floor=Sample((percentile([one for block, _ in floor for one in block], 0.99),)),
            goal=TAIL_GOAL,
            bound="соседи по двум ядрам: пересчёт рангов и рассылка рейтинга раз в 0,25 с",
        ),
    ]


async def _rounds(platform: Platform, tell: Callable[[str], None]) -> tuple[Blocks, Blocks]:
    settings = platform.settings
    api = Api("regional_operator", settings=settings)
    corrected = subjects(api, 40)
    post = await Wire.to(settings.port("monitoring"), api.token)
    listen = await Wire.to(settings.port("notification"), Api("ministry", settings=settings).token)
    stream = listen.events("/v1/stream")
    await anext(stream)
    ours: Blocks = []
    floor: Blocks = []
    async with Chain(kafka=settings.kafka_address, mongo=settings.mongo_uri) as chain, Look(settings, "floor") as look:
        await _posted(corrected, WARM, post=post, stream=stream)
        await _chained(chain, WARM)
        for number in range(ROUNDS):
            ours.append(await _counted(look, _posted(corrected, POSTS, post=post, stream=stream)))
            floor.append(await _counted(look, _chained(chain, POSTS)))
            told = f"{statistics.median(ours[-1][0]):.1f} и {statistics.median(floor[-1][0]):.1f} мс"
            tell(f"уведомление, круг {number + 1}: {told}")
    post.close()
    listen.close()
    return ours, floor


async def _counted(look: Look, block: Awaitable[list[float]]) -> tuple[list[float], int]:
    """A block of times, and how often MongoDB was asked meanwhile."""
    before = await look.commands()
    times = await block
    return times, await look.commands() - before


async def _posted(corrected: list[Subject], count: int, *, post: Wire, stream: AsyncIterator[bytes]) -> list[float]:
    """Milliseconds from the request to the event on the stream, one correction after another."""
    times = []
    for number in range(count):
        subject = corrected[number % len(corrected)]
        began = time.perf_counter()
        await subject.correct(post)
        async with asyncio.timeout(20):
            while subject.id.encode() not in await anext(stream):
                continue
        times.append((time.perf_counter() - began) * 1000)
    return times


async def _chained(chain: Chain, count: int) -> list[float]:
    times = []
    for _ in range(count):
        began = time.perf_counter()
        await chain.run()
        times.append((time.perf_counter() - began) * 1000)
    return times
