"""Verify and rebuild on a real MongoDB: a planted corruption is found and mended, the told revision survives."""

import asyncio

import pytest

from services.scoring.usecases import Scoring
from shared.mongo import Database, DeleteOne, UpdateOne
from tests.integration.scoring.conftest import NewWorker
from tests.integration.scoring.told import cards_of, overall, take, told_scores
from tests.unit.scoring.made import DOCUMENT, fact

FULL = {"i1": "2", "i2": "40"}


async def test_verify_finds_nothing_in_sound_scores(scoring: Scoring) -> None:
    await take(scoring, fact("r1", values=FULL), fact("r2", municipality="m2", exempt=True))
    assert await scoring.recounts.verify() == []


@pytest.mark.parametrize(
    ("where", "change"),
    [
        ("scores/overall", {"scores.overall.points": 1}),
        ("procedures/first", {"procedures.first.held.points": 3}),
        ("procedures/second", {"procedures.second.state": "not_applicable"}),
    ],
)
async def test_verify_finds_a_planted_corruption_and_rebuild_mends_it(
    scoring: Scoring, empty: Database, where: str, change: dict[str, object]
) -> None:
    await take(scoring, fact("r1", values=FULL), fact("r2", municipality="m2", values=FULL))
    await empty.write("cards", [UpdateOne({"_id": "m1|2022"}, {"$set": change, "$inc": {"version": 1}})])
    found = await scoring.recounts.verify()
    assert {(one.municipality, one.period, one.where) for one in found} == {("m1", "2022", where)}
    rebuilt = await scoring.recounts.rebuild()
    assert (rebuilt.cards, rebuilt.changed) == (2, 1)
    assert await scoring.recounts.verify() == []
    assert overall(scoring, "m1") == "4"


async def test_verify_finds_a_missing_card_and_rebuild_makes_it(scoring: Scoring, empty: Database) -> None:
    await take(scoring, fact("r1", values=FULL))
    await empty.write("cards", [DeleteOne({"_id": "m1|2022"})])
    assert [one.where for one in await scoring.recounts.verify()] == ["card"]
    assert (await scoring.recounts.rebuild()).changed == 1
    assert await scoring.recounts.verify() == []


async def test_a_rebuild_of_sound_scores_writes_and_tells_nothing(scoring: Scoring, empty: Database) -> None:
    for revision in (1, 2, 3):
        await take(scoring, fact("r1", revision, values={"i1": str(revision % 3), "i2": None}))
    before = await cards_of(empty)
    assert (await scoring.recounts.rebuild()).changed == 0
    assert await cards_of(empty) == before
    assert before[0]["revision"] == len(await told_scores(empty)) == 3


async def test_a_new_edition_tells_each_municipality_as_quietly_as_its_own_results_were_told(
    new_worker: NewWorker, empty: Database
) -> None:
    worker = new_worker()
    await worker.load()
    await take(worker, fact("r1", values=FULL, quiet=True), fact("r2", municipality="m2", values=FULL))
    await worker.methodologies.put("small", DOCUMENT)
    assert {one["municipality"]: one["quiet"] for one in await told_scores(empty)} == {"m1": True, "m2": False}


async def test_verify_brings_a_card_level_that_this_process_wrote_and_does_not_know(
    scoring: Scoring, empty: Database
) -> None:
    await take(scoring, fact("r1", values=FULL))
    known = scoring.state.mirror.get("m1", "2022")
    await take(scoring, fact("r1", 2, values={"i1": "1", "i2": "10"}))
    assert known is not None
    scoring.state.mirror._cards["m1", "2022"] = known
    assert await scoring.recounts.verify() == []
    assert overall(scoring, "m1") == "1"


async def test_verify_names_a_card_that_stays_behind(scoring: Scoring, monkeypatch: pytest.MonkeyPatch) -> None:
    await take(scoring, fact("r1", values=FULL))
    known = scoring.state.mirror.get("m1", "2022")
    await take(scoring, fact("r1", 2, values={"i1": "1", "i2": "10"}))
    assert known is not None
    scoring.state.mirror._cards["m1", "2022"] = known
    monkeypatch.setattr(scoring.state.mirror, "take", lambda _: False)
    assert [(one.where, one.stored, one.recounted) for one in await scoring.recounts.verify()] == [("memory", 2, 1)]


async def test_a_rebuild_under_load_loses_no_batch(scoring: Scoring, following: Scoring, empty: Database) -> None:
    async def feed() -> None:
        for revision in range(1, 41):
            values = {"i1": str(revision % 3), "i2": "40"}
            facts = [fact(f"r{m}", revision, municipality=f"m{m}", values=values) for m in range(5)]
            await take(scoring, *facts)

    async def rebuild(task: asyncio.Task[None]) -> int:
        count = 0
        while not task.done():
            await following.recounts.rebuild()
            count += 1
        return count

    feeding = asyncio.create_task(feed())
    assert await rebuild(feeding) > 0
    await feeding
    assert await empty.count("facts", {}) == 200
    assert await scoring.recounts.verify() == []
    for one in await cards_of(empty):
        told = [event for event in await told_scores(empty) if event["municipality"] == one["municipality"]]
        assert [event["revision"] for event in told] == list(range(1, one["revision"] + 1))
