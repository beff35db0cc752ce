"""A stream of changes waits at the server only while somebody writes what it looks for, and loses nothing between."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from functools import partial
from typing import Any

import pytest

from shared.mongo import Database, InsertOne, changes
from shared.testing import eventually


@asynccontextmanager
async def followed(database: Database) -> AsyncIterator[list[int | None]]:
    """What a stream of things tells, by their ids; None where it begins anew."""
    told: list[int | None] = []

    async def follow() -> None:
        async with aclosing(database.watch("things")) as stream:
            async for change in stream:
                told.append(change["documentKey"]["_id"] if change else None)  # noqa: PERF401 - one by one, as told

    task = asyncio.create_task(follow())
    try:
        await eventually(lambda: told == [None], what="the stream is open")
        yield told
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def write(database: Database, number: int) -> None:
    await database.write("things", [InsertOne({"_id": number})])


async def waiting(database: Database) -> float:
    """How often a question that waits at the server was seen, of all looks within half a second."""
    seen: list[bool] = []
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        now = await database.mongo._client.admin.command("currentOp", ns=f"{database.name}.things", op="getmore")
        seen.append(bool(now["inprog"]))
    return sum(seen) / len(seen)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How long each opened stream was told to wait at the server, in ms."""
    found: list[int] = []
    genuine = changes._opened

    def noted(*words: Any) -> Any:
        found.append(words[-1]["max_await_time_ms"])
        return genuine(*words)

    monkeypatch.setattr(changes, "_opened", noted)
    return found


def _calm_again(opened: list[int], before: int) -> bool:
    return len(opened) > before and opened[-1] == 1


async def test_each_change_comes_once_and_in_order_also_where_the_stream_is_opened_anew(
    database: Database, monkeypatch: pytest.MonkeyPatch, opened: list[int]
) -> None:
    # Longer than it takes to open a stream anew: what was calm meanwhile would be opened for calm again.
    monkeypatch.setattr(changes, "QUIET", 1.0)
    monkeypatch.setattr(changes, "ASK_EVERY", 0.03)
    monkeypatch.setattr(changes, "AWAIT_MS", 100)
    async with followed(database) as told:
        for number in range(20):
            before = len(opened)
            await write(database, number)
            if number % 4 == 0:
                await eventually(partial(_calm_again, opened, before), what="it waited, and all is calm again")
        await eventually(lambda: len(told) == 21, what="all changes are told")
    assert told == [None, *range(20)]
    assert set(opened) == {1, changes.AWAIT_MS}
    assert all(one != other for one, other in itertools.pairwise(opened))


async def test_it_waits_at_the_server_from_a_change_until_all_is_calm_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "QUIET", 5.0)
    async with followed(database) as told:

        async def busy() -> bool:
            return await waiting(database) >= 0.75

        async def calm() -> bool:
            return await waiting(database) <= 0.25

        await eventually(calm, what="nobody has written yet")
        await write(database, 1)
        await eventually(lambda: told == [None, 1], what="the change is told")

        await eventually(busy, what="more is expected")
        await eventually(calm, what="it asks now and then again")
        await write(database, 2)
        await eventually(lambda: told == [None, 1, 2], what="the next change is told")
