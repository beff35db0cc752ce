"""Batches on a real MongoDB: repeats, late revisions, two workers, unknown outcomes, what is told."""

import asyncio
from itertools import pairwise
from typing import Any

import pytest

from services.scoring.domain.names import Municipality, Named
from services.scoring.domain.news import News
from services.scoring.usecases import Scoring
from shared.kernel import Unavailable
from shared.mongo import Database
from shared.testing import eventually
from tests.integration.scoring.conftest import NewWorker
from tests.integration.scoring.told import overall, take, told_scores
from tests.unit.scoring.made import DOCUMENT, HERE, document, fact

FULL = {"i1": "2", "i2": "40"}
LESS = {"i1": "1", "i2": "10"}


async def everything(database: Database) -> dict[str, Any]:
    names = ("facts", "cards", "outbox", "counters")
    return {name: await database.find(name, {}, sort=[("_id", 1)]) for name in names}


async def test_a_repeated_delivery_changes_nothing_and_tells_nothing(scoring: Scoring, empty: Database) -> None:
    facts = (fact("r1", values=LESS), fact("r2", procedure="second", values={"i1": "6"}), fact("r1", 2, values=FULL))
    await take(scoring, *facts)
    before = await everything(empty)
    taken = await take(scoring, *facts)
    assert await everything(empty) == before
    assert (taken.stored, taken.decided.told) == ((), ())


async def test_an_older_revision_arriving_late_is_kept_and_changes_nothing(scoring: Scoring, empty: Database) -> None:
    await take(scoring, fact("r1", 2, values=FULL))
    taken = await take(scoring, fact("r1", 1, values=LESS))
    assert taken.decided.told == ()
    assert await empty.count("facts", {}) == 2
    assert overall(scoring, "m1") == "4"
    await take(scoring, fact("r1", 1, values=LESS))
    assert await empty.count("facts", {}) == 2


async def test_each_told_change_begins_where_the_last_one_ended(scoring: Scoring, empty: Database) -> None:
    for revision in range(1, 8):
        await take(scoring, fact("r1", revision, values={"i1": str(revision % 3), "i2": "10"}))
    told = await told_scores(empty)
    assert [one["revision"] for one in told] == list(range(1, len(told) + 1))
    assert len(told) > 3
    for last, this in pairwise(told):
        ended = {change["group"]: change["after"] for change in last["changes"]}
        for change in this["changes"]:
            assert change["before"] == ended[change["group"]]


async def test_a_batch_merges_a_municipality_into_one_told_change(scoring: Scoring, empty: Database) -> None:
    facts = [
        fact(f"r{m}-{p}", municipality=f"m{m}", procedure=p, values=FULL) for m in (1, 2) for p in ("first", "third")
    ]
    await take(scoring, *facts)
    told = {one["municipality"]: one for one in await told_scores(empty)}
    assert {key: one["causes_count"] for key, one in told.items()} == {"m1": 2, "m2": 2}


async def test_two_workers_on_the_same_municipality_lose_nothing(
    scoring: Scoring, following: Scoring, empty: Database
) -> None:
    async def feed(worker: Scoring, procedure: str) -> None:
        for revision in range(1, 21):
            values = (
                {"i1": str(revision % 3), "i2": "10"} if procedure == "first" else {"i1": str(revision % 2), "i2": "1"}
            )
            await take(worker, fact(f"r-{procedure}", revision, procedure=procedure, values=values))

    await asyncio.gather(feed(scoring, "first"), feed(following, "third"))
    assert await scoring.recounts.verify() == []
    assert await empty.count("facts", {}) == 40
    told = await told_scores(empty)
    assert [one["revision"] for one in told] == list(range(1, len(told) + 1))


async def test_another_process_shows_what_this_one_wrote(scoring: Scoring, following: Scoring) -> None:
    await take(scoring, fact("r1", values=FULL), fact("r2", municipality="m2", values=LESS))
    await eventually(lambda: overall(following, "m1") == "4" and overall(following, "m2") == "1")
    assert following.state.mirror.standings.table(HERE, "overall").ranks() == {"m1": 1, "m2": 2}
    await take(following, fact("r2", 2, municipality="m2", values={**FULL, "i1": "1"}))
    await scoring.state.load_cards()
    assert overall(scoring, "m2") == "3"


async def test_a_worker_that_has_not_heard_yet_decides_from_the_stored_card(
    scoring: Scoring, new_worker: NewWorker, empty: Database
) -> None:
    behind = new_worker()
    await behind.load()
    await take(scoring, fact("r1", values=LESS))
    await take(behind, fact("r2", procedure="third", values={"i1": "1", "i2": "0"}))
    await take(scoring, fact("r1", 2, values=FULL))
    assert overall(scoring, "m1") == "5"
    assert [one["revision"] for one in await told_scores(empty)] == [1, 2, 3]


async def test_an_unknown_outcome_puts_the_cards_in_doubt_until_they_are_read(
    scoring: Scoring, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = scoring.batches._store
    stored = store.take

    async def lost(*given: Any, **named: Any) -> None:
        await stored(*given, **named)
        raise Unavailable("mongodb")

    monkeypatch.setattr(store, "take", lost)
    with pytest.raises(Unavailable):
        await take(scoring, fact("r1", values=FULL))
    assert overall(scoring, "m1") is None
    await scoring.state.settle()
    assert overall(scoring, "m1") == "4"


async def test_facts_before_their_methodology_are_kept_and_scored_once_it_comes(
    new_worker: NewWorker, empty: Database
) -> None:
    worker = new_worker()
    await worker.load()
    await take(worker, fact("r1", values=LESS), fact("r2", municipality="m2", values=FULL))
    await take(worker, fact("r1", 2, values=FULL), fact("r1", values=LESS))
    assert (await empty.count("facts", {}), await empty.count("cards", {})) == (3, 0)
    assert await worker.methodologies.put("small", DOCUMENT) == "created"
    assert (overall(worker, "m1"), overall(worker, "m2")) == ("4", "4")
    assert sorted(one["municipality"] for one in await told_scores(empty)) == ["m1", "m2"]
    assert await worker.methodologies.put("small", DOCUMENT) == "unchanged"
    assert len(await told_scores(empty)) == 2


async def test_a_worker_that_missed_an_edition_scores_by_it_all_the_same(
    new_worker: NewWorker, empty: Database
) -> None:
    behind, other = new_worker(), new_worker()
    await behind.load()
    await other.load()
    await other.methodologies.put("small", DOCUMENT)
    await take(behind, fact("r1", values=FULL))
    assert overall(behind, "m1") == "4"
    assert await other.recounts.verify() == []


async def test_a_newer_edition_rescores_its_periods_and_goes_on_from_what_was_told(
    scoring: Scoring, new_worker: NewWorker, empty: Database
) -> None:
    behind = new_worker()
    await behind.load()
    await take(scoring, fact("r1", values=FULL), fact("r0", period="2021", values=FULL))
    changed = document(id="small-2022", in_force={"from": 2022, "to": 2023}, overall={"maximum": 8})
    assert await scoring.methodologies.put("small-2022", changed) == "created"
    told = [one for one in await told_scores(empty) if one["period"] == "2022"]
    assert [(one["revision"], one["methodology"]) for one in told] == [(1, "small"), (2, "small-2022")]
    assert told[1]["changes"][0]["before"] == next(
        change["after"] for change in told[0]["changes"] if change["group"] == told[1]["changes"][0]["group"]
    )
    await take(behind, fact("r1", 2, values=LESS))
    assert overall(behind, "m1") == "1"
    assert await behind.recounts.verify() == []


async def test_an_organisations_result_is_kept_and_not_scored(scoring: Scoring, empty: Database) -> None:
    school = fact("s1", organization="school-1", values=FULL)
    await take(scoring, school)
    await take(scoring, school)
    assert (await empty.count("facts", {}), await empty.count("cards", {})) == (1, 0)


async def test_names_are_kept_once_and_an_older_state_changes_nothing(scoring: Scoring, empty: Database) -> None:
    def named(revision: int, name: str) -> Municipality:
        return Municipality("m1", revision, "74", (Named(name, "75712000", "2014-01-01"),))

    news = News((), (named(2, "Новый"), named(1, "Старый")), ({"_id": "first", "revision": 1, "name": "Первая"},))
    await scoring.batches.take(None, news)
    await scoring.batches.take(None, News((), (named(1, "Старый"),)))
    assert [one.history[0].name for one in await scoring.batches._store.municipalities()] == ["Новый"]
    assert scoring.state.names.of("m1", "2022") == {"id": "m1", "name": "Новый", "oktmo": "75712000"}
