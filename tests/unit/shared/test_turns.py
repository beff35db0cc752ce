"""Turns at heavy work: one at a time, and who would wait behind too many is sent away."""

import asyncio

import pytest

from shared.kernel import Unavailable
from shared.turns import Turns

MOST = 3


async def test_work_takes_turns_and_a_crowd_is_sent_away():
    turns, going, most = Turns("work", most=MOST), 0, 0
    gate = asyncio.Event()

    async def work() -> None:
        nonlocal going, most
        async with turns.turn():
            going += 1
            most = max(most, going)
            await gate.wait()
            going -= 1

    crowd = [asyncio.create_task(work()) for _ in range(MOST + 1)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await work()
    gate.set()
    await asyncio.gather(*crowd)
    assert most == 1
    await work()
