"""Scores compared and planned over HTTP: exact terms, who sees them, the cheapest steps, precise refusals."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

import httpx
import pytest

from services.scoring.domain.names import Municipality, Named
from services.scoring.domain.news import News
from services.scoring.usecases import Scoring
from shared.testing import FrozenClock
from tests.integration.scoring.told import take
from tests.unit.scoring.made import START, fact

FULL = {"i1": "2", "i2": "40"}
LESS = {"i1": "1", "i2": "10"}
OWN = {"Authorization": "Bearer m1"}
EXPERT = {"Authorization": "Bearer expert"}


@pytest.fixture(autouse=True)
async def region(scoring: Scoring, clock: FrozenClock) -> None:
    """Three municipalities with results of two years; m1 is corrected an hour later, m3 is exempt from a procedure."""
    names = [Municipality(f"m{n}", 1, "74", (Named(f"М{n}", f"7570{n}000", "2014-01-01"),)) for n in (1, 2, 3)]
    await scoring.batches.take(None, News((), names))
    await take(scoring, fact("r1", values=LESS), fact("r2", municipality="m2", values=FULL))
    await take(scoring, fact("r3", municipality="m3", values=FULL), fact("r9", period="2021", values=LESS))
    await take(scoring, fact("r1", 2, values={"i1": "1", "i2": "25"}, at=60))
    clock.now = START + timedelta(days=2)


def summed(terms: list[dict[str, Any]]) -> Fraction:
    return sum((Fraction(one["difference"]) for one in terms), Fraction(0))


async def compared(http: httpx.AsyncClient, headers: dict[str, str] | None = None, **query: str) -> dict[str, Any]:
    answer = await http.get("/v1/scores/m1/compare", params={"period": "2022", **query}, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_an_explanation_names_a_withdrawn_result(http: httpx.AsyncClient, scoring: Scoring) -> None:
    await take(scoring, fact("gone", period="2021", procedure="second", values={"i1": "1"}))
    await take(scoring, fact("gone", 2, period="2021", procedure="second"))
    told = (await http.get("/v1/scores/m1/explain?period=2021")).raise_for_status().json()
    second = told["overall"]["groups"][0]["procedures"][1]
    assert (second["state"], second["withdrawn"]["id"], second["withdrawn"]["reason"]) == (
        "no_data",
        "gone",
        "исправление",
    )


async def test_two_municipalities_differ_by_terms_that_sum_up(http: httpx.AsyncClient) -> None:
    found = await compared(http, **{"with": "75703000"})
    assert (found["a"]["municipality"]["id"], found["b"]["municipality"]["id"], found["detailed"]) == ("m1", "m3", True)
    overall = found["overall"]
    assert (overall["a"]["maximum"], overall["b"]["maximum"]) == ("9", "5")
    assert Fraction(overall["difference"]) == Fraction(2, 9) - Fraction(4, 5) == summed(overall["terms"])
    alpha = overall["terms"][0]
    assert (Fraction(alpha["of_points"]), Fraction(alpha["of_maximum"])) == (Fraction(-14, 45), Fraction(-4, 15))
    assert [one["key"] for one in alpha["terms"][0]["terms"]] == ["i1", "i2"]


async def test_two_instants_differ_by_what_was_corrected_between(http: httpx.AsyncClient) -> None:
    before, after = (START + timedelta(minutes=at) for at in (59, 60))
    found = await compared(http, as_of=before.isoformat(), to=after.isoformat())
    assert (found["overall"]["difference"], found["b"]["as_of"][:16]) == ("1/9", "2023-01-01T00:59")
    moved = [one for one in found["overall"]["terms"][0]["terms"][0]["terms"] if one["difference"] != "0"]
    assert [(one["key"], one["a"]["points"], one["b"]["points"]) for one in moved] == [("i2", "1", "0")]


async def test_two_periods_of_one_are_compared(http: httpx.AsyncClient) -> None:
    found = await compared(http, OWN, with_period="2021")
    assert (found["b"]["period"], found["overall"]["difference"], found["detailed"]) == ("2021", "1/9", True)


@pytest.mark.parametrize("reader", [OWN, EXPERT])
async def test_who_may_not_see_both_in_detail_sees_groups(http: httpx.AsyncClient, reader: dict[str, str]) -> None:
    await http.put("/v1/periods/2022/publication", json={"public": True, "act": "приказ"})
    found = await compared(http, reader, **{"with": "m2"})
    assert not found["detailed"]
    assert [one["key"] for one in found["overall"]["terms"]] == ["alpha", "beta"]
    assert all("terms" not in one for one in (*found["overall"]["terms"], *found["groups"]))
    assert all("maximum" in one["a"] for one in found["overall"]["terms"])
    assert "first" not in str(found)


async def test_without_a_score_on_one_side_there_is_no_difference(http: httpx.AsyncClient) -> None:
    answer = await http.get("/v1/scores/m2/compare", params={"period": "2022", "with_period": "2021"})
    assert answer.json()["overall"] | {"a": None} == {
        "a": None,
        "b": {"state": "no_data"},
        "difference": None,
        "terms": [],
        "coverage": {"a": {"procedures": 1, "of": 3}, "b": {"procedures": 0, "of": 3}},
    }


@pytest.mark.parametrize(
    ("query", "status", "code", "says"),
    [
        ("", 422, "invalid-comparison", "Не сказано, с чем сравнить"),
        ("&with=m2&with_period=2021", 422, "invalid-comparison", "сразу with, with_period"),
        ("&with=m1", 422, "invalid-comparison", "с самим собой"),
        ("&with_period=2022", 422, "invalid-comparison", "с самим собой"),
        ("&as_of=2023-01-02T00:00:00Z&to=2023-01-01T00:00:00Z", 422, "invalid-comparison", "позже"),
        ("&as_of=yesterday", 422, "invalid-request", ""),
        ("&with=nobody", 404, "municipality-not-found", "ОКТМО"),
        ("&with_period=1999", 404, "period-not-found", "GET /v1/periods."),
    ],
)
async def test_what_cannot_be_compared_is_refused_precisely(
    http: httpx.AsyncClient, query: str, *, status: int, code: str, says: str
) -> None:
    answer = await http.get(f"/v1/scores/m1/compare?period=2022{query}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert says in answer.json()["detail"]


async def planned(http: httpx.AsyncClient, **query: str) -> dict[str, Any]:
    answer = await http.get("/v1/scores/m1/next-level", params={"period": "2022", **query})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_the_cheapest_steps_to_the_next_level_are_what_what_if_confirms(http: httpx.AsyncClient) -> None:
    found = await planned(http)
    assert (found["from"]["points"], found["from"]["level"]) == ("2", "low")
    assert found["goal"] == {"level": "medium", "percent": 30, "points": "2.655", "share": "0.295"}
    assert [(one["procedure"], one["indicator"], one["from"], one["to"]) for one in found["steps"]] == [
        ("first", "i1", "1", "2")
    ]
    assert (found["total"], found["reachable"], found["proven"]) == ({"indicators": 1, "points": "1"}, True, True)
    values = {one["procedure"]: {one["indicator"]: one["to"]} for one in found["steps"]}
    supposed = await http.post("/v1/scores/m1/what-if", json={"period": "2022", "values": values})
    assert supposed.json()["after"]["overall"] == found["after"]
    assert found["after"]["level"] == "medium"


async def test_what_the_catalogue_does_not_let_be_reported_is_not_supposed(
    http: httpx.AsyncClient, scoring: Scoring
) -> None:
    counted = {"key": "i2", "name": "Число", "maximum": "2", "values": {"unit": "count", "maximum": "30"}}
    described = {"_id": "first", "revision": 1, "name": "Первая", "indicators": [counted]}
    await scoring.batches.take(None, News((), (), [described]))
    for value, status in (("25", 200), ("26", 200), ("26.5", 422), ("31", 422)):
        told = {"period": "2022", "values": {"first": {"i1": "1", "i2": value}}}
        assert (await http.post("/v1/scores/m1/what-if", json=told)).status_code == status


async def test_the_next_rank_is_held_by_the_next_greater_share(http: httpx.AsyncClient) -> None:
    found = await planned(http, target="rank")
    assert (found["from"]["rank"], found["goal"]["rank"], found["goal"]["share"]) == (3, 2, "4/9")
    assert (found["after"]["rank"], found["total"]) == (2, {"indicators": 1, "points": "2"})


async def test_the_top_and_what_is_out_of_reach_are_said(http: httpx.AsyncClient, scoring: Scoring) -> None:
    await take(scoring, fact("r5", procedure="second", values={"i1": "0"}), fact("r1", 3, values=FULL, at=70))
    top = await planned(http, group="alpha", target="rank")
    assert (top["goal"], top["reachable"], top["reason"], top["steps"]) == (None, False, "first", [])
    assert (await planned(http, group="alpha"))["reason"] == "highest-level"
    await take(scoring, fact("r6", procedure="third", exempt=True))
    assert (await planned(http, group="beta"))["reason"] == "not-applicable"


async def test_plans_are_for_the_own_municipality_and_name_what_is_wrong(http: httpx.AsyncClient) -> None:
    assert (await http.get("/v1/scores/m2/next-level", headers=OWN)).status_code == 403
    assert (await http.get("/v1/scores/m1/next-level", headers=OWN)).status_code == 200
    assert (await http.get("/v1/scores/m1/next-level", headers=EXPERT)).status_code == 403
    unknown = await http.get("/v1/scores/m1/next-level?group=first")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "group-not-found")
    assert "overall, alpha, beta" in unknown.json()["detail"]
    wrong = await http.get("/v1/scores/m1/next-level?target=medal")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid-request")


@pytest.mark.parametrize(
    ("path", "title", "says"),
    [
        ("/v1/ratings/2019", "За этот период нет методики", "хранятся без оценки"),
        ("/v1/scores/m1?period=2019", "За этот период нет методики", "хранятся без оценки"),
        ("/v1/ratings/soon", "За этот период баллов нет", "баллов нет"),
    ],
)
async def test_why_a_period_has_no_scores_is_said(http: httpx.AsyncClient, path: str, title: str, says: str) -> None:
    problem = (await http.get(path)).json()
    assert (problem["code"], problem["title"], says in problem["detail"]) == ("period-not-found", title, True)
