"""Changes of webhooks, also two at once: the most of one holder, and what is kept for one that is gone."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from services.notification.domain.webhooks import Delivery
from services.notification.domain.webhooks.webhook import MOST_OF_ONE
from shared.kernel import NotFound
from shared.mongo import Database, UpdateOne
from shared.policy import EVERYTHING
from tests.integration.notification.sending import World
from tests.integration.notification.told import facts, score

NOWHERE = "http://127.0.0.1:9/hook"


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    found = World(database)
    yield found
    await found.posting._close(list(found.posting._kept))


async def test_of_those_who_register_at_once_none_goes_over_the_most(world: World, database: Database) -> None:
    for _ in range(MOST_OF_ONE - 1):
        await world.hook(NOWHERE)
    await asyncio.gather(*(world.hook(NOWHERE) for _ in range(8)), return_exceptions=True)
    assert await database.count("webhooks", {}) == MOST_OF_ONE


async def test_what_is_replayed_beside_a_removal_leaves_nothing(
    world: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = await world.hook(NOWHERE)
    await world.uses.telling.hear(facts(*(score("a", number) for number in (1, 2, 3))))
    await database.write("webhooks", [UpdateOne({"_id": hook}, {"$set": {"place": 3}})])
    replay = world.deliveries.replay

    async def removed_first(rows: Sequence[Delivery]) -> int:
        await world.webhooks.remove(EVERYTHING, hook)
        return await replay(rows)

    monkeypatch.setattr(world.deliveries, "replay", removed_first)
    with pytest.raises(NotFound):
        await world.webhooks.replay(EVERYTHING, hook, since=1)
    assert await database.count("deliveries", {}) == 0


async def test_replays_of_one_webhook_do_not_change_what_is_read_of_it(world: World, database: Database) -> None:
    hook = await world.hook(NOWHERE)
    await world.uses.telling.hear(facts(score("a", 1)))
    await database.write("webhooks", [UpdateOne({"_id": hook}, {"$set": {"place": 1}})])
    before = await world.webhooks.one(EVERYTHING, hook)
    replayed = await asyncio.gather(*(world.webhooks.replay(EVERYTHING, hook, since=1) for _ in range(3)))
    assert sum(one.deliveries for one in replayed) == 1
    assert await world.webhooks.one(EVERYTHING, hook) == before


async def test_what_a_removed_webhook_was_stays_in_the_journal_without_its_secrets(
    world: World, database: Database
) -> None:
    hook = await world.hook(NOWHERE)
    await world.webhooks.remove(EVERYTHING, hook)
    made, gone = await database.find("journal", {"of": "webhooks", "key": hook}, sort=[("_id", 1)])
    assert (made["before"], gone["before"]["url"], gone["role"]) == (None, NOWHERE, "service")
    assert "secrets" not in gone["before"]
