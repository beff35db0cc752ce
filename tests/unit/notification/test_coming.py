"""What is next is told from memory also while it is read anew, and what is heard meanwhile is not lost."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from services.notification.domain import AdviceFact, Facts, Item, Names, PlanFact
from services.notification.usecases.coming import Coming
from shared.kernel import Unavailable
from tests.unit.notification.test_advice import AT, advice, item


class Store:
    """A store whose answers are let through, and which can be away."""

    def __init__(self, *kept: AdviceFact) -> None:
        self.kept, self.away, self.let, self.asked = kept, False, asyncio.Event(), asyncio.Event()
        self.let.set()

    async def plans(self) -> Sequence[PlanFact]:
        return []

    async def open_advice(self) -> Sequence[AdviceFact]:
        self.asked.set()
        await self.let.wait()
        if self.away:
            raise Unavailable("mongodb")
        return self.kept

    async def plan_changes(self) -> AsyncIterator[PlanFact | None]:
        yield None

    async def advice_changes(self) -> AsyncIterator[AdviceFact | None]:
        """The watch was lost once."""
        yield None


async def coming(store: Store) -> Coming:
    found = Coming(store, clock=lambda: AT)
    await found.load()
    store.asked.clear()
    return found


def named(found: Coming) -> list[str]:
    return [one.id for one in found.after(Item(item(2), 1, AT), Names()).recommendations]


async def test_what_is_known_stays_while_everything_is_read_anew_and_where_that_fails():
    store = Store(advice(2))
    found = await coming(store)
    store.let.clear()
    store.away = True
    reading = asyncio.create_task(found.follow_advice())
    await store.asked.wait()
    assert named(found) == [advice(2).id]
    store.let.set()
    with pytest.raises(Unavailable):
        await reading
    assert named(found) == [advice(2).id]


async def test_what_is_heard_meanwhile_is_not_lost():
    store = Store(advice(2))
    found = await coming(store)
    store.let.clear()
    reading = asyncio.create_task(found.follow_advice())
    await store.asked.wait()
    found.hear(Facts(advice=(advice(1),)))
    store.let.set()
    await reading
    assert named(found) == [advice(2).id, advice(1).id]


async def test_what_was_closed_unheard_is_gone_when_everything_was_read_anew():
    store = Store(advice(2), advice(1))
    found = await coming(store)
    store.kept = (advice(2),)
    await found.follow_advice()
    assert named(found) == [advice(2).id]
