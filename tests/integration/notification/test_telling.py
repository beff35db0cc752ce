"""Items and feed on a real MongoDB: once, in order, within the scope, names joined late."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from services.notification.domain import MUNICIPALITY, Asked, DatedName, Entry, Facts, Item, NameFact
from services.notification.store import FeedStore
from services.notification.usecases import Notification
from shared.kernel import NotFound
from shared.mongo import Database, DeleteMany, Tx
from shared.policy import Scope
from tests.integration.notification.told import MINISTRY, NAMES, facts, of, rating, score


def ids(entries: list[Entry]) -> list[str]:
    return [entry.told.id for entry in entries]


async def titles(uses: Notification, reader: object = MINISTRY) -> list[str]:
    page = await uses.inbox.page(reader, Asked())
    return [one.item.id for one in page.items]


async def test_a_told_change_is_one_item_and_one_row(uses: Notification, database: Database) -> None:
    entries = await uses.telling.hear(facts(score("a")))
    assert [(entry.number, entry.municipality) for entry in entries] == [(1, "a")]
    assert await titles(uses) == ["a:2022:1"]
    assert await uses.telling.behind(0) == entries
    assert isinstance(entries[0].told, Item)
    assert (await database.find("items", {}))[0]["_id"] == "a:2022:1"


async def test_hearing_again_changes_nothing(uses: Notification, database: Database) -> None:
    batch = facts(score("a"), rating("e1"), score("b"))
    await uses.telling.hear(batch)
    before = [await database.find(name, {}) for name in ("items", "feed", "counters")]
    assert await uses.telling.hear(batch) == []
    assert [await database.find(name, {}) for name in ("items", "feed", "counters")] == before


async def test_a_repeat_within_a_batch_tells_once(uses: Notification) -> None:
    assert ids(await uses.telling.hear(facts(score("a"), score("a"), rating("e1"), rating("e1")))) == [
        "a:2022:1",
        "rsoko/scoring|e1",
    ]


async def test_only_what_is_new_of_a_batch_is_told(uses: Notification) -> None:
    await uses.telling.hear(facts(score("a")))
    assert ids(await uses.telling.hear(facts(score("a"), score("a", 2)))) == ["a:2022:2"]


async def test_an_older_change_that_comes_late_is_still_told(uses: Notification) -> None:
    await uses.telling.hear(facts(score("a", 2)))
    assert ids(await uses.telling.hear(facts(score("a", 1)))) == ["a:2022:1"]


async def test_a_quiet_change_makes_no_item_but_open_pages_hear_of_the_rating(uses: Notification) -> None:
    quiet = await uses.telling.hear(facts(score("a", quiet=True), rating("e1")))
    assert ids(quiet) == ["rsoko/scoring|e1"]
    assert await titles(uses) == []


async def test_a_scope_sees_its_own_rows_and_those_for_everybody(uses: Notification) -> None:
    await uses.telling.hear(facts(score("a"), score("b"), rating("e1"), score("a", 2)))
    own = Scope(everything=False, attributes={"municipality": "a"})
    assert [entry.number for entry in await uses.telling.behind(0, scope=own)] == [1, 3, 4]
    assert [entry.number for entry in await uses.telling.behind(1, scope=own, upto=3)] == [3]


class LateCommits:
    """A database whose transactions do all their work and then wait to be committed."""

    def __init__(self, database: Database) -> None:
        self.mongo = database.mongo
        self.worked, self.release = asyncio.Event(), asyncio.Event()
        self._database = database

    async def transact(self, body: Callable[[Tx], Awaitable[Any]], *, batch: None) -> Any:
        """Commit only when released."""

        async def late(tx: Tx) -> Any:
            outcome = await body(tx)
            self.worked.set()
            await self.release.wait()
            return outcome

        return await self._database.transact(late, batch=batch)


async def test_a_late_commit_is_not_skipped_by_a_reader(uses: Notification, database: Database) -> None:
    slow = LateCommits(database)
    first = asyncio.create_task(FeedStore(slow).keep(facts(score("b"))))
    await slow.worked.wait()
    second = asyncio.create_task(uses.telling.hear(facts(score("a"))))
    done, _ = await asyncio.wait({second}, timeout=0.5)
    assert not done, "a later number became visible before an earlier one"
    assert await uses.telling.behind(0) == []
    slow.release.set()
    await asyncio.gather(first, second)
    found = await uses.telling.behind(0)
    assert [(entry.number, entry.told.id) for entry in found] == [(1, "b:2022:1"), (2, "a:2022:1")]


async def test_many_writers_leave_no_gap_and_no_double(uses: Notification) -> None:
    await asyncio.gather(*(uses.telling.hear(facts(score(name), score(name, 2))) for name in "abcdef"))
    entries = await uses.telling.behind(0)
    assert [entry.number for entry in entries] == list(range(1, 13))
    assert len({entry.told.id for entry in entries}) == 12


async def test_a_name_heard_after_the_change_is_joined(uses: Notification) -> None:
    await uses.telling.hear(facts(score("a")))
    before = await uses.inbox.page(MINISTRY, Asked())
    assert before.names.municipality("a", "2022").name == "a"
    await uses.telling.hear(NAMES)
    after = await uses.inbox.page(MINISTRY, Asked())
    assert after.names.municipality("a", "2022").name == "Аргаяшский МР"
    assert after.names.procedure("vpr") == "Всероссийские проверочные работы"


async def test_an_older_state_of_a_name_arriving_late_changes_nothing(uses: Notification) -> None:
    old = NameFact(MUNICIPALITY, "a", 0, (DatedName("Прежнее имя", "75600000", "1990-01-01"),))
    await uses.telling.hear(NAMES)
    await uses.telling.hear(Facts(names=(old,)))
    assert (await uses.telling.joined([])).names.municipality("a", "2022").name == "Аргаяшский МР"


async def test_pages_follow_each_other_without_gap(uses: Notification) -> None:
    await uses.telling.hear(facts(*(score("a", number) for number in range(1, 6))))
    first = await uses.inbox.page(MINISTRY, Asked(limit=2))
    second = await uses.inbox.page(MINISTRY, Asked(limit=2, before=first.following))
    last = await uses.inbox.page(MINISTRY, Asked(limit=2, before=second.following))
    found = [one.item.fact.revision for page in (first, second, last) for one in page.items]
    assert found == [5, 4, 3, 2, 1]
    assert last.following is None


async def test_marks_belong_to_a_person(uses: Notification) -> None:
    await uses.telling.hear(facts(score("a"), score("a", 2)))
    await uses.inbox.mark(of("a"), "a:2022:1", read=True)
    mine = await uses.inbox.page(of("a"), Asked())
    assert [one.read_at is not None for one in mine.items] == [False, True]
    assert mine.unread == 1
    for other in (MINISTRY, of("a", "colleague")):
        theirs = await uses.inbox.page(other, Asked())
        assert theirs.unread == 2
        assert all(one.read_at is None for one in theirs.items)


async def test_marking_twice_keeps_the_first_moment_and_can_be_taken_back(uses: Notification) -> None:
    await uses.telling.hear(facts(score("a")))
    first, _ = await uses.inbox.mark(of("a"), "a:2022:1", read=True)
    again, _ = await uses.inbox.mark(of("a"), "a:2022:1", read=True)
    assert first.read_at is not None
    assert again == first
    back, _ = await uses.inbox.mark(of("a"), "a:2022:1", read=False)
    assert back.read_at is None
    assert (await uses.inbox.page(of("a"), Asked())).unread == 1


async def test_reading_up_to_an_item_reads_it_and_all_older_ones(uses: Notification) -> None:
    await uses.telling.hear(facts(*(score(name, number) for number in range(1, 4) for name in "ab")))
    assert await uses.inbox.mark_up_to(of("a"), "a:2022:2") == 1
    page = await uses.inbox.page(of("a"), Asked())
    assert [(one.item.fact.revision, one.read_at is not None) for one in page.items] == [
        (3, False),
        (2, True),
        (1, True),
    ]
    assert (await uses.inbox.page(MINISTRY, Asked())).unread == 6
    assert await uses.inbox.mark_up_to(MINISTRY, "b:2022:3") == 0


async def test_unread_follows_every_mark(uses: Notification) -> None:
    await uses.telling.hear(facts(*(score("a", number) for number in range(1, 6))))
    me = of("a")

    async def agrees() -> int:
        page = await uses.inbox.page(me, Asked())
        assert page.unread == sum(one.read_at is None for one in page.items)
        return page.unread

    await uses.inbox.mark(me, "a:2022:5", read=True)
    await uses.inbox.mark(me, "a:2022:1", read=True)
    assert await agrees() == 3
    await uses.inbox.mark_up_to(me, "a:2022:3")
    assert await agrees() == 1
    await uses.inbox.mark(me, "a:2022:2", read=False)
    assert await agrees() == 2
    await uses.inbox.mark_up_to(me, "a:2022:2")
    assert await agrees() == 1
    await uses.inbox.mark_up_to(me, "a:2022:5")
    assert await agrees() == 0


async def test_what_is_outside_the_scope_is_not_there(uses: Notification) -> None:
    await uses.telling.hear(facts(score("a"), score("b")))
    assert await titles(uses, of("a")) == ["a:2022:1"]
    asked = Asked(municipality="b")
    assert (await uses.inbox.page(of("a"), asked)).items == []
    assert (await uses.inbox.page(of("a"), asked)).unread == 0
    with pytest.raises(NotFound):
        await uses.inbox.mark(of("a"), "b:2022:1", read=True)
    with pytest.raises(NotFound):
        await uses.inbox.mark_up_to(of("a"), "b:2022:1")


async def test_a_person_who_changes_the_municipality_has_read_nothing_there(uses: Notification) -> None:
    await uses.telling.hear(facts(score("a"), score("b"), score("a", 2)))
    await uses.inbox.mark_up_to(of("a", "she"), "a:2022:2")
    assert (await uses.inbox.page(of("b", "she"), Asked())).unread == 1


async def test_a_stream_cannot_go_on_behind_rows_that_are_gone(uses: Notification, database: Database) -> None:
    await uses.telling.hear(facts(*(score("a", number) for number in range(1, 6))))
    await database.write("feed", [DeleteMany({"_id": {"$lte": 3}})])
    found = [await uses.telling.why_not_behind(last) for last in (2, 3, 5, 6)]
    assert found == ["too-old", None, None, "unknown-id"]


async def test_a_change_survives_the_store(uses: Notification) -> None:
    told = replace(score("a"), period="2021-2022")
    await uses.telling.hear(facts(told))
    page = await uses.inbox.page(MINISTRY, Asked())
    assert page.items[0].item.fact == told
