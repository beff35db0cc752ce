"""A repeat under an idempotency key that runs beside its first one is given the same answer, never a refusal."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import pytest

from shared.kernel import Refused, Repeat
from shared.mongo import Database, InsertOne, Tx
from shared.mongo.once import Answer, once

LOOKS, ROUNDS = 200, 50


class NotYet(Exception):
    """The thing is not there yet; raised so that its transaction ends without waiting."""


async def test_a_refusal_is_raised_when_what_it_follows_from_can_be_read(database: Database) -> None:
    """A transaction sees what another has committed before a majority confirms it, and reads do not yet."""
    for number in range(LOOKS):

        async def look(tx: Tx, number: int = number) -> None:
            found = await tx.find("things", {"_id": number})
            raise Refused("thing-exists", "Уже есть") if found else NotYet

        making = asyncio.create_task(_make(database, number))
        with pytest.raises(Refused):
            await _until_refused(database, look)
        assert await database.find_one("things", {"_id": number}), f"round {number}"
        await making


async def test_repeats_at_the_same_time_are_all_given_the_first_answer(database: Database) -> None:
    for number in range(ROUNDS):
        answers = await asyncio.gather(*(_make(database, number) for _ in range(6)), return_exceptions=True)
        assert answers == [{"number": number}] * 6, f"round {number}"


async def _until_refused(database: Database, look: Callable[[Tx], Awaitable[None]]) -> None:
    while True:
        with contextlib.suppress(NotYet):
            await database.transact(look)


async def _make(database: Database, number: int) -> Answer:
    async def body(tx: Tx) -> Answer:
        if await tx.find("things", {"_id": number}):
            raise Refused("thing-exists", "Уже есть")
        await tx.write("things", [InsertOne({"_id": number})])
        return {"number": number}

    return await once(database, body, Repeat(f"key-{number}", "digest"))
