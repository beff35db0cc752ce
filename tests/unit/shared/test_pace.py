"""Paced work: at once for the first, then at the pace; nothing asked for is forgotten."""

import asyncio
import time

from shared.kernel import Unavailable
from shared.pace import Pace
from shared.testing import eventually


async def test_the_first_is_done_at_once_and_the_rest_merge_at_the_pace() -> None:
    done: list[tuple[str, float]] = []

    async def work(key: str) -> None:
        done.append((key, time.monotonic()))

    pace = Pace(work, every=1.0)
    running = asyncio.create_task(pace.run())
    pace.wake("a")
    await eventually(lambda: done, every=0.001)
    for _ in range(50):
        pace.wake("a")
    pace.wake("b")
    await eventually(lambda: [key for key, _ in done] == ["a", "b", "a"], every=0.001)
    running.cancel()
    assert done[2][1] - done[0][1] >= 1.0


async def test_the_first_waits_for_no_pace() -> None:
    done: list[str] = []

    async def work(key: str) -> None:
        done.append(key)

    pace = Pace(work, every=3_600)
    running = asyncio.create_task(pace.run())
    pace.wake("a")
    await eventually(lambda: done == ["a"], what="the first is done, an hour before the pace")
    running.cancel()


async def test_work_that_finds_something_away_is_tried_again() -> None:
    tries: list[str] = []

    async def work(key: str) -> None:
        tries.append(key)
        if len(tries) < 3:
            raise Unavailable("mongodb")

    pace = Pace(work, every=0.01)
    running = asyncio.create_task(pace.run())
    pace.wake("a")
    await eventually(lambda: len(tries) == 3, within=2)
    running.cancel()


async def test_work_that_takes_long_is_done_more_seldom_up_to_a_limit() -> None:
    done: list[float] = []

    async def work(_: str) -> None:
        done.append(time.monotonic())
        end = done[-1] + 0.05
        while time.monotonic() < end:
            pass

    async def gap(**limits: float) -> float:
        done.clear()
        pace = Pace(work, every=0.01, **limits)
        running = asyncio.create_task(pace.run())
        pace.wake("a")
        await eventually(lambda: done, every=0.001)
        pace.wake("a")
        await eventually(lambda: len(done) == 2, within=20, every=0.001)
        running.cancel()
        return done[1] - done[0]

    assert await gap(share=0.2) >= 0.25
    assert await gap(share=0.001, most=0.1) < 10, "not the fifty seconds that the share alone would ask for"
