"""Relative rules on a real MongoDB: one scale for all workers, one transaction for a moved best and its cohort."""

import asyncio
from typing import Any

import httpx
import pytest

from services.scoring.events import ScaleMoved
from services.scoring.usecases import Scoring
from shared.kernel import Unavailable
from shared.mongo import Database, DeleteOne, UpdateOne
from tests.integration.scoring.conftest import NewWorker
from tests.integration.scoring.told import outbox, overall, take, told_scores
from tests.unit.scoring.compared import compared
from tests.unit.scoring.made import fact


def of(municipality: str, value: str, revision: int = 1, **more: Any) -> Any:
    values = {"i1": "0", "i2": value}
    return fact(f"r-{municipality}", revision, municipality=municipality, values=values, **more)


@pytest.fixture
async def scoring(new_worker: NewWorker) -> Scoring:
    """A process whose edition compares municipalities."""
    worker = new_worker()
    await worker.load()
    await worker.methodologies.put("compared", compared())
    return worker


async def test_a_new_best_writes_its_cohort_and_tells_one_move(scoring: Scoring, empty: Database) -> None:
    await take(scoring, of("m1", "5"), of("m2", "4"), of("m3", "1"))
    await take(scoring, of("m3", "10", 2))
    assert [overall(scoring, one) for one in ("m1", "m2", "m3")] == ["1", "4/5", "2"]
    [moved] = await outbox(empty, ScaleMoved.TYPE)
    assert (moved["number"], moved["scores_changed"], moved["url"]) == (1, 2, "/v1/scales/2022/1")
    assert [one["municipality"] for one in await told_scores(empty)] == ["m1", "m2", "m3", "m3"]
    cards = {one["municipality"]: one for one in await empty.find("cards", {})}
    assert [cards[one]["revision"] for one in ("m1", "m2", "m3")] == [1, 1, 2]
    assert await scoring.recounts.verify() == []


async def test_a_worker_that_knows_an_older_scale_decides_from_the_stored_one(
    scoring: Scoring, new_worker: NewWorker, empty: Database
) -> None:
    await take(scoring, of("m1", "5"))
    behind = new_worker()
    await behind.load()
    await take(scoring, of("m2", "10"))
    await take(behind, of("m3", "20"))
    await take(scoring, of("m4", "5"))
    assert [overall(scoring, one) for one in ("m1", "m2", "m3", "m4")] == ["1/2", "1", "2", "1/2"]
    assert await scoring.recounts.verify() == []
    assert [one["number"] for one in await outbox(empty, ScaleMoved.TYPE)] == [1, 2]


async def test_two_workers_that_move_the_best_in_turn_lose_nothing(
    scoring: Scoring, following: Scoring, empty: Database
) -> None:
    async def feed(worker: Scoring, municipality: str) -> None:
        for revision in range(1, 16):
            value = str(7 * revision % 11 if municipality == "m1" else 5 * revision % 13)
            await take(worker, of(municipality, value, revision), of(f"{municipality}-{revision}", "1"))

    await asyncio.gather(feed(scoring, "m1"), feed(following, "m2"))
    assert await scoring.recounts.verify() == []
    assert await empty.count("facts", {}) == 60
    numbers = [one["number"] for one in await outbox(empty, ScaleMoved.TYPE)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert await empty.count("scale_moves", {}) == len(numbers) > 5


def losing(scoring: Scoring, door: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on what goes through this door of the store is written, and nobody hears so."""
    store = scoring.batches._store
    stored = getattr(store, door)

    async def lost(*given: Any, **named: Any) -> None:
        await stored(*given, **named)
        raise Unavailable("mongodb")

    monkeypatch.setattr(store, door, lost)


async def test_an_unknown_outcome_of_a_batch_puts_the_whole_cohort_in_doubt(
    scoring: Scoring, monkeypatch: pytest.MonkeyPatch
) -> None:
    await take(scoring, of("m1", "5"), of("m2", "4"))
    losing(scoring, "take", monkeypatch)
    with pytest.raises(Unavailable):
        await take(scoring, of("m2", "10", 2))
    await scoring.state.settle()
    assert [overall(scoring, one) for one in ("m1", "m2")] == ["1", "2"]


async def test_an_unknown_outcome_of_a_recount_puts_the_whole_cohort_in_doubt(
    scoring: Scoring, empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await take(scoring, of("m1", "5"), of("m2", "4"))
    await empty.write("facts", [DeleteOne({"municipality": "m1"})])
    losing(scoring, "recount", monkeypatch)
    with pytest.raises(Unavailable):
        await scoring.recounts.mend([("m1", "2022")])
    await scoring.state.settle()
    assert [overall(scoring, one) for one in ("m1", "m2")] == [None, "2"]


async def test_a_scale_that_is_not_that_of_the_facts_is_found_and_mended(scoring: Scoring, empty: Database) -> None:
    await take(scoring, of("m1", "5"), of("m2", "4"))
    await empty.write("scales", [UpdateOne({"_id": "2022"}, {"$set": {"bests": [["first", "i2", "8"]]}})])
    assert [one.where for one in await scoring.recounts.verify()] == ["scale/first/i2"]
    await scoring.recounts.rebuild()
    assert await scoring.recounts.verify() == []


async def test_a_move_is_shown_with_its_differences(scoring: Scoring, http: httpx.AsyncClient) -> None:
    await take(scoring, of("m1", "5"), of("m2", "4"))
    await take(scoring, of("m2", "10", 2))
    [listed] = (await http.get("/v1/scales/2022")).json()["items"]
    best = listed["moved"][0]["after"]
    assert (best["value"], best["count"], [one["id"] for one in best["municipalities"]]) == ("10", 1, ["m2"])
    shown = (await http.get("/v1/scales/2022/1")).json()
    assert {field: shown[field] for field in listed} == listed
    [one] = shown["differences"]
    assert one["municipality"]["id"] == "m1"
    assert [(change["group"], change["after"]["points"]) for change in one["changes"]] == [
        ("alpha", "1"),
        ("overall", "1"),
    ]
    absent = await http.get("/v1/scales/2022/2")
    assert (absent.status_code, absent.json()["code"]) == (404, "scale-move-not-found")


async def test_an_explanation_and_a_supposition_measure_by_the_best(scoring: Scoring, http: httpx.AsyncClient) -> None:
    await take(scoring, of("m1", "5"), of("m2", "10"))
    body = (await http.get("/v1/scores/m1/explain", params={"period": "2022"})).json()
    line = body["overall"]["groups"][0]["procedures"][0]["indicators"][1]
    assert (line["value"], line["points"], line["rule"]["best"]) == ("5", "1", "10")
    assert "лучшее — 10" in line["rule"]["words"]
    told = {"period": "2022", "values": {"first": {"i2": 40}}}
    supposed = (await http.post("/v1/scores/m1/what-if", json=told)).json()
    assert (supposed["after"]["overall"]["points"], supposed["after"]["overall"]["rank"]) == ("2", 1)
    assert supposed["before"]["overall"]["rank"] == 2
