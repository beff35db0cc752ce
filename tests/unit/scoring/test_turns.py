"""Recounts of past instants: one at a time, and who would wait behind too many is sent away."""

import asyncio

import pytest

from services.scoring.api.ratings import RECOUNTS_WAITING, Turns
from shared.kernel import Unavailable


async def test_recounts_take_turns_and_a_crowd_is_sent_away():
    turns, going, most = Turns(), 0, 0
    gate = asyncio.Event()

    async def recount() -> None:
        nonlocal going, most
        async with turns.turn():
            going += 1
            most = max(most, going)
            await gate.wait()
            going -= 1

    crowd = [asyncio.create_task(recount()) for _ in range(RECOUNTS_WAITING + 1)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await recount()
    gate.set()
    await asyncio.gather(*crowd)
    assert most == 1
    await recount()
