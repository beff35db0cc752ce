"""A webhook that is sent to again: what waited through the pause has its whole day before it, and is tried at once."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from services.notification.domain.webhooks import ACTIVE, DEAD, DISABLED, PAUSED, WAITING, Delivery, put
from shared.mongo import Database, UpdateMany
from shared.policy import EVERYTHING
from shared.testing import eventually
from tests.integration.notification.receiving import receiving
from tests.integration.notification.sending import World
from tests.integration.notification.told import facts, score

LONG = timedelta(days=3)


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    found = World(database)
    yield found
    await found.posting._close(list(found.posting._kept))


async def tried(world: World, times: int) -> list[Delivery]:
    return [one for one in await world.in_state(WAITING) if one.attempts >= times]


async def wait_long(world: World) -> None:
    """As if the pause had lasted for days, and the next try were due only in some hours."""
    now = world.database.mongo.clock()
    aged = {"queued_at": now - LONG, "next_at": now + timedelta(hours=6)}
    await world.database.write("deliveries", [UpdateMany({}, {"$set": aged})])


async def test_what_waited_through_a_long_pause_is_tried_for_its_whole_day(world: World) -> None:
    async with receiving() as receiver:
        receiver.answer = lambda _: 503
        hook = await world.hook(receiver.url)
        async with world.courier():
            await world.uses.telling.hear(facts(score("a")))
            await eventually(lambda: tried(world, 1))
            await world.put(hook, PAUSED)
            (paused,) = await world.in_state(WAITING)
        await wait_long(world)
        await world.put(hook, ACTIVE)
        async with world.courier():
            await eventually(lambda: tried(world, paused.attempts + 2))
            assert await world.in_state(DEAD) == []
            receiver.answer = lambda _: 200
            await eventually(lambda: world.in_state("delivered"))


@pytest.mark.parametrize("state", [PAUSED, DISABLED])
async def test_only_what_is_resumed_begins_anew(world: World, state: str) -> None:
    async with receiving() as receiver:
        receiver.answer = lambda _: 503
        hook = await world.hook(receiver.url)
        other = await world.hook(receiver.url)
        async with world.courier():
            await world.uses.telling.hear(facts(score("a")))
            await eventually(lambda: _of_two(world))
    await world.webhooks._store.change(EVERYTHING, hook, lambda found, now: put(found, state, now=now))
    await wait_long(world)
    await world.put(other, ACTIVE)
    begun = {one.webhook: one.queued_at for one in await world.in_state(WAITING)}
    await world.put(hook, ACTIVE)
    for one in await world.in_state(WAITING):
        if one.webhook == hook:
            assert one.queued_at == one.next_at > begun[hook] + LONG - timedelta(minutes=1)
        else:
            assert one.queued_at == begun[other]


async def _of_two(world: World) -> bool:
    return len(await tried(world, 1)) == 2
