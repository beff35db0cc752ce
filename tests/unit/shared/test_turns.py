"""Turns at heavy work: one at a time, and who would wait behind too many is sent away."""

import asyncio

import pytest

from shared.kernel import TooMany, Unavailable
from shared.turns import EACH, Turns, asks_for
from shared.web.problems import problem_of

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


async def test_one_person_holds_two_places_and_shuts_out_nobody():
    turns, gate = Turns("work", most=MOST), asyncio.Event()

    async def work(whose: str | None) -> None:
        asks_for(whose)
        async with turns.turn():
            await gate.wait()

    crowd = [asyncio.create_task(work("a")) for _ in range(MOST + 1)]
    await asyncio.sleep(0)
    assert sum(one.done() for one in crowd) == len(crowd) - EACH
    others = [asyncio.create_task(work(whose)) for whose in ("b", None)]
    gate.set()
    await asyncio.gather(*others)
    ended = await asyncio.gather(*crowd, return_exceptions=True)
    assert [type(one) for one in ended if one] == [TooMany] * (len(crowd) - EACH)
    assert {problem_of(one).headers["retry-after"] for one in ended if isinstance(one, TooMany)} == {"5"}
    await asyncio.create_task(work("a"))


async def test_what_the_service_does_by_itself_waits_however_much_it_is():
    turns = Turns("work")

    async def work() -> None:
        asks_for("a")
        async with turns.turn():
            await asyncio.sleep(0)

    await asyncio.gather(*(work() for _ in range(20)))
