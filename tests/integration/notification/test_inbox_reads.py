"""What reading the inbox of all municipalities costs: it does not walk what lies there."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from services.notification.domain import ISSUED, Asked, Facts, IssuedFact
from services.notification.store import FeedStore, InboxStore
from shared.mongo import Database
from shared.policy import EVERYTHING
from tests.integration.notification.told import MINISTRY, facts, score

MANY = 400
Look = Callable[[Awaitable[object]], Awaitable[int]]


@pytest.fixture
async def looked_at(database: Database) -> Look:
    """How many items the server reads for an answer, as its profiler says."""
    await FeedStore(database).keep(facts(*(score("a", number) for number in range(1, MANY + 1))))
    await FeedStore(database).keep(Facts(told=(IssuedFact("a:2022:overall:1", "a", "2022", "overall", 1),)))
    raw = database._db

    async def look(asked: Awaitable[object]) -> int:
        await raw.command("profile", 2)
        try:
            await asked
            seen = await raw["system.profile"].find({"ns": f"{raw.name}.items"}).to_list(None)
            return sum(one["docsExamined"] for one in seen)
        finally:
            await raw.command("profile", 0)
            await raw["system.profile"].drop()

    return look


async def test_what_is_unread_is_counted_without_reading_an_item(database: Database, looked_at: Look) -> None:
    assert await InboxStore(database).unread(MINISTRY, None, 0) == MANY + 1
    assert await looked_at(InboxStore(database).unread(MINISTRY, None, 0)) == 0


@pytest.mark.parametrize("late", [timedelta(), timedelta(days=1)])
async def test_few_items_of_many_are_found_at_once(database: Database, looked_at: Look, late: timedelta) -> None:
    inbox = InboxStore(database)
    (issued,) = await inbox.items(EVERYTHING, Asked(kind=ISSUED))
    asked = Asked(since=issued.created_at + late)
    for one in (asked, replace(asked, kind=ISSUED), Asked(kind=ISSUED)):
        found = len(await inbox.items(EVERYTHING, one))
        assert await looked_at(inbox.items(EVERYTHING, one)) <= found + 1
