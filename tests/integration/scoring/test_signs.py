"""Signs of bias on a real MongoDB: facts stream through another process, runs are shown whole, to their own only."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from numpy.random import default_rng

from services.scoring.domain import Fact
from services.scoring.domain.names import Municipality, Named
from services.scoring.domain.news import News
from services.scoring.usecases import Scoring
from shared.kernel import Cause
from shared.mongo import Database, UpdateOne
from tests.integration.scoring.conftest import NewWorker
from tests.unit.scoring.made import fact
from tests.unit.scoring.schools.made import document
from tests.unit.scoring.signs.made import BOUNDARIES, HIGHEST, histograms, lift

SCHOOLS, BIASED = 60, 5
NAMES = [f"p{score}" for score in range(HIGHEST + 1)]
NEEDS = {"minimum": 10, "effect": "0.15"}
SIGNS = {
    "fdr": "0.05",
    "spike": {**NEEDS, "boundaries": {"vpr": list(BOUNDARIES)}},
    **dict.fromkeys(("marks", "jump", "medals"), NEEDS),
}
VPR = {
    "_id": "vpr", "revision": 1, "name": "ВПР", "indicators": [{"key": name, "name": name} for name in NAMES],
    "school": {"subject": "russian", "level": "primary", "grade": 4, "external": False},
}  # fmt: skip


def facts(revision: int = 1, share: float = 0.9) -> Iterator[Fact]:
    rng = default_rng(3)
    counts = histograms(rng, SCHOOLS, size=140)
    lift(rng, counts, share, BIASED)
    for number, row in enumerate(counts):
        yield fact(
            f"r{number:03}",
            revision,
            municipality=f"m{number % 2 + 1}",
            organization=f"s{number:03}",
            procedure="vpr",
            values=dict(zip(NAMES, map(str, row), strict=True)),
        )


async def store(scoring: Scoring, told: Iterator[Fact]) -> None:
    named = [Municipality(one, 1, "74", (Named(one, "75", "2014-01-01"),)) for one in ("m1", "m2")]
    await scoring.batches.take(None, News(list(told), named, [VPR]))
    await scoring.schools.judging.judge()


@pytest.fixture(autouse=True)
async def thresholds(scoring: Scoring) -> None:
    await scoring.schools.thresholds.put("small", document(signs=SIGNS), cause=Cause("c"))


async def level(scoring: Scoring) -> None:
    """Lists and signs follow what is stored."""
    await scoring.schools.judging.judge()
    await scoring.schools.looking.look()


async def signs(http: httpx.AsyncClient, who: str = "ministry", query: str = "", period: int = 2022) -> Any:
    headers = {"Authorization": f"Bearer {who}"}
    return (await http.get(f"/v1/schools/bias-signs?period={period}{query}", headers=headers)).json()


def named(body: Any) -> list[str]:
    return [one["school"]["id"] for one in body["items"]]


async def test_planted_signs_are_found_and_told_with_all_they_rest_on(
    scoring: Scoring, http: httpx.AsyncClient
) -> None:
    await store(scoring, facts())
    assert (await signs(http))["pending"] is True
    await scoring.schools.looking.look()
    body = await signs(http)
    assert (named(body), body["pending"], body["thresholds"]) == ([f"s{n:03}" for n in range(BIASED)], False, "small")
    assert [(one["procedure"], one["kind"], one["tested"] + one["too_few"], one["signs"]) for one in body["tests"]] == [
        ("vpr", "boundary_spike", SCHOOLS, BIASED)
    ]
    first = body["items"][0]
    assert (first["minimum_n"], first["threshold"]) == (10, {"adjusted_p": "0.05", "effect": "0.15"})
    assert float(first["p"]) <= float(first["adjusted_p"]) <= 0.05
    assert "Это повод посмотреть, а не вывод" in first["words"]
    assert (first["result"], first["revision"]) == ("r000", 1)


async def test_a_corrected_result_takes_the_sign_away_in_the_next_run(
    scoring: Scoring, http: httpx.AsyncClient, empty: Database
) -> None:
    await store(scoring, facts())
    await scoring.schools.looking.look()
    await scoring.schools.looking.look()
    [year] = await empty.find("school_years", {"_id": "2022"})
    assert year["run"] == 1
    await store(scoring, facts(revision=2, share=0.0))
    stale = await signs(http)
    assert (len(stale["items"]), stale["pending"]) == (BIASED, True)
    await scoring.schools.looking.look()
    assert named(await signs(http)) == []


@pytest.mark.parametrize("older", [{"$unset": {"method": 1}}, {"$inc": {"method.n": -1}}, {"$inc": {"run": 1}}])
async def test_signs_of_an_older_method_are_looked_for_again(
    scoring: Scoring, http: httpx.AsyncClient, empty: Database, older: dict[str, Any]
) -> None:
    """Never told the method, told an older one, or made by a process of an older version since."""
    await store(scoring, facts())
    await scoring.schools.looking.look()
    [made] = await empty.find("school_years", {"_id": "2022"})
    await empty.write("school_years", [UpdateOne({"_id": "2022"}, older)])
    [before] = await empty.find("school_years", {"_id": "2022"})
    assert (await signs(http))["pending"] is True
    await scoring.schools.looking.look()
    body = await signs(http)
    assert (len(body["items"]), body["pending"]) == (BIASED, False)
    [after] = await empty.find("school_years", {"_id": "2022"})
    assert (after["run"], after["method"]) == (before["run"] + 1, {**made["method"], "run": after["run"]})


async def test_signs_of_a_newer_method_are_left_to_the_newer_version(
    scoring: Scoring, http: httpx.AsyncClient, empty: Database
) -> None:
    """Two versions beside one another would redo each other's years without end."""
    await store(scoring, facts())
    await scoring.schools.looking.look()
    await empty.write("school_years", [UpdateOne({"_id": "2022"}, {"$inc": {"method.n": 1}})])
    before = await empty.find("school_years", {"_id": "2022"})
    assert (await signs(http))["pending"] is False
    await scoring.schools.looking.look()
    assert await empty.find("school_years", {"_id": "2022"}) == before


async def test_signs_are_read_by_pages_and_by_their_own_only(scoring: Scoring, http: httpx.AsyncClient) -> None:
    await store(scoring, facts())
    await scoring.schools.looking.look()
    first = await signs(http, query="&limit=3")
    rest = await signs(http, query=f"&limit=3&cursor={first['next']}")
    assert named(first) + named(rest) == [f"s{n:03}" for n in range(BIASED)]
    assert named(await signs(http, "m1")) == ["s000", "s002", "s004"]
    told = [(await signs(http, who))["tests"][0]["signs"] for who in ("ministry", "m1", "m2")]
    assert told == [BIASED, 3, 2], "who sees only their own hears of no foreign sign, not even how many"
    assert named(await signs(http, query="&municipality=m2")) == ["s001", "s003"]
    assert named(await signs(http, query="&kind=jump")) == []
    assert named(await signs(http, query="&procedure=oge")) == []
    profile = await http.get("/v1/schools/s000/risk-profile", headers={"Authorization": "Bearer m1"})
    assert [one["kind"] for one in profile.json()["signs"]] == ["boundary_spike"]
    refused = await http.get("/v1/schools/bias-signs?period=2022", headers={"Authorization": "Bearer expert"})
    assert refused.status_code == 403
    moved = fact("moved", municipality="m2", organization="s000", procedure="other", values={"i1": "1"}, at=1)
    await scoring.batches.take(None, News((moved,)))
    await level(scoring)
    assert ["s000" in named(await signs(http, who)) for who in ("m1", "m2")] == [False, True]


async def test_results_that_came_before_their_description_are_looked_at_when_that_comes(
    scoring: Scoring, http: httpx.AsyncClient
) -> None:
    await scoring.batches.take(None, News(list(facts())))
    await level(scoring)
    assert (await signs(http))["tests"] == []
    await scoring.batches.take(None, News((), (), [VPR]))
    assert (await signs(http))["pending"] is True
    await level(scoring)
    body = await signs(http)
    assert (len(body["items"]), body["pending"]) == (BIASED, False)
    fewer = VPR | {"revision": 2, "indicators": VPR["indicators"][:-1]}
    await scoring.batches.take(None, News((), (), [VPR, fewer]))
    assert (await signs(http))["pending"] is True, "other columns are other tests"
    await level(scoring)
    undone = VPR | {"revision": 3, "school": None}
    await scoring.batches.take(None, News((), (), [undone, fewer]))
    await level(scoring)
    body = await signs(http)
    assert (body["items"], body["tests"], body["pending"]) == ([], [], False)


async def test_late_results_of_a_year_before_the_sets_let_the_year_after_be_looked_at_again(
    scoring: Scoring, http: httpx.AsyncClient, empty: Database
) -> None:
    """The set begins in 2020; a jump to 2020 is looked for as soon as 2019 is there, though no list is of 2019."""

    def of(period: str, low: int) -> Iterator[Fact]:
        for number in range(20):
            counts = (low, 20, 20, 20) if number == 0 else (5, 20, 20, 20)
            values = dict(zip(("m2", "m3", "m4", "m5"), map(str, counts), strict=True))
            yield fact(f"r{period}{number}", period=period, organization=f"s{number:03}", municipality="m1",
                       procedure="marks", values=values)  # fmt: skip

    names = [{"key": f"m{mark}", "name": "Отметка"} for mark in range(2, 6)]
    await scoring.batches.take(None, News(list(of("2020", 200)), (), [VPR | {"_id": "marks", "indicators": names}]))
    await level(scoring)
    assert (await signs(http, period=2020))["tests"] == []
    await scoring.batches.take(None, News(list(of("2019", 5))))
    await level(scoring)
    body = await signs(http, period=2020)
    assert [(one["kind"], one["tested"]) for one in body["tests"]] == [("jump", 20)]
    assert (named(body), body["pending"]) == (["s000"], False)
    assert await empty.count("school_standings", {"year": 2019}) == 0


async def test_two_processes_look_at_a_year_once(scoring: Scoring, new_worker: NewWorker, empty: Database) -> None:
    other = new_worker()
    await other.load()
    await store(scoring, facts())
    await asyncio.gather(scoring.schools.looking.look(), other.schools.looking.look())
    runs = {row["_id"]: row["run"] for row in await empty.find("school_years", {})}
    assert runs == {"2022": 1, "2023": 1}


async def test_a_year_without_a_threshold_set_has_no_signs_and_says_so(
    scoring: Scoring, http: httpx.AsyncClient
) -> None:
    await scoring.schools.judging.judge()
    body = (await http.get("/v1/schools/bias-signs?period=2019")).json()
    assert (body["items"], body["thresholds"], body["tests"], body["pending"]) == ([], None, [], False)
