"""Rules that change: applicability acts, editions, as of any instant; permitted uses flagged."""

import asyncio
import json
from csv import DictReader
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from services.scoring.domain.names import Municipality, Named
from services.scoring.domain.news import News
from services.scoring.usecases import Scoring
from shared.mongo import Database
from shared.testing import NOON, FrozenClock
from tests.integration.scoring.told import overall, take, told_scores
from tests.unit.scoring.made import DOCUMENT, document, fact

FULL = {"i1": "2", "i2": "40"}
ACT = {
    "procedure": "first",
    "period": "2022",
    "municipalities": ["m1"],
    "reason": "нет таких школ",
    "act": {"number": "приказ № 5", "date": "2022-10-10"},
}


@pytest.fixture(autouse=True)
async def region(scoring: Scoring) -> None:
    named = [Municipality(f"m{n}", 1, "74", (Named(f"М{n}", f"7570{n}000", "2014-01-01"),)) for n in (1, 2, 3)]
    described = {
        "_id": "third", "revision": 1, "name": "Третья", "permitted_uses": ["analysis"], "act": "письмо № 9",
    }  # fmt: skip
    await scoring.batches.take(None, News((), named, (described,)))
    await take(scoring, fact("r1", values=FULL), fact("r2", municipality="m2", values=FULL))
    await take(scoring, fact("r3", procedure="third", values={"i1": "2", "i2": "1"}))
    await scoring.state.load_registers()


def clock_of(scoring: Scoring) -> FrozenClock:
    assert isinstance(scoring.clock, FrozenClock)
    return scoring.clock


async def stated(http: httpx.AsyncClient, **changes: Any) -> httpx.Response:
    return await http.post("/v1/applicability", json=ACT | changes)


async def test_an_act_outweighs_a_result_and_its_withdrawal_brings_it_back(
    scoring: Scoring, http: httpx.AsyncClient, empty: Database
) -> None:
    told = len(await told_scores(empty))
    made = await stated(http)
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    first = (await http.get("/v1/scores/m1", params={"period": "2022"})).json()["procedures"]["first"]
    assert first == {
        "state": "not_applicable", "reason": "нет таких школ", "act": "приказ № 5 от 10.10.2022", "basis": "act",
    }  # fmt: skip
    assert overall(scoring, "m1") == "3"
    await take(scoring, fact("r1", 2, values={"i1": "1", "i2": "40"}))
    assert (overall(scoring, "m1"), len(await told_scores(empty))) == ("3", told + 1)
    assert await scoring.recounts.verify() == []
    address = made.headers["location"]
    assert (await http.post(f"{address}/withdrawal", json={"reason": "ошибка"})).status_code == 428
    withdrawn = await http.post(f"{address}/withdrawal", json={"reason": "ошибка"}, headers={"If-Match": '"1"'})
    assert (withdrawn.json()["withdrawn_because"], withdrawn.headers["etag"]) == ("ошибка", '"2"')
    assert (overall(scoring, "m1"), len(await told_scores(empty))) == ("6", told + 2)
    ruled = sorted((one["revision"], each) for one in await told_scores(empty) for each in one["rules"])
    assert [(one["act"], one["withdrawn"]) for _, one in ruled] == [
        ("приказ № 5 от 10.10.2022", False),
        ("приказ № 5 от 10.10.2022", True),
    ]
    again = await http.post(f"{address}/withdrawal", json={"reason": "снова"}, headers={"If-Match": '"2"'})
    assert (again.status_code, again.json()["code"]) == (409, "applicability-withdrawn")
    assert [one["revision"] for one in (await http.get("/v1/applicability")).json()["items"]] == [2]
    assert await scoring.recounts.verify() == []


async def test_an_act_over_results_that_were_loaded_quietly_is_told_and_its_withdrawal_too(
    scoring: Scoring, http: httpx.AsyncClient, empty: Database
) -> None:
    """An act is no history: else the first loud change after it would begin where nobody was told to be."""
    await take(scoring, fact("q1", municipality="m3", values=FULL, quiet=True))
    await take(scoring, fact("q3", municipality="m3", procedure="third", values={"i1": "2", "i2": "1"}, quiet=True))
    made = await stated(http, municipalities=["m3"])
    withdrawn = {"reason": "ошибка"}
    await http.post(f"{made.headers['location']}/withdrawal", json=withdrawn, headers={"If-Match": '"1"'})
    told = sorted((one["revision"], one["quiet"]) for one in await told_scores(empty) if one["municipality"] == "m3")
    assert [quiet for _, quiet in told] == [True, True, False, False]


async def test_the_day_of_an_act_is_the_regions_day(scoring: Scoring, http: httpx.AsyncClient) -> None:
    clock_of(scoring).now = datetime(2022, 11, 1, 20, tzinfo=UTC)  # one o'clock in the night of the second
    tomorrow = await stated(http, act={"number": "приказ № 6", "date": "2022-11-03"})
    assert (tomorrow.status_code, tomorrow.json()["errors"][0]["code"]) == (422, "in-the-future")
    assert (await stated(http, act={"number": "приказ № 6", "date": "2022-11-02"})).status_code == 201


async def test_a_repeated_act_is_recorded_and_told_once(http: httpx.AsyncClient, empty: Database) -> None:
    told = len(await told_scores(empty))
    key = {"Idempotency-Key": "act-5"}
    answers = [await http.post("/v1/applicability", json=ACT, headers=key) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert (await empty.count("applicability", {}), len(await told_scores(empty))) == (1, told + 1)


async def test_an_act_that_is_sent_twice_at_once_is_recorded_and_told_once(
    http: httpx.AsyncClient, empty: Database
) -> None:
    told = len(await told_scores(empty))
    for number in range(3):
        key = {"Idempotency-Key": f"act-{number}"}
        answers = await asyncio.gather(*(http.post("/v1/applicability", json=ACT, headers=key) for _ in range(3)))
        assert [one.status_code for one in answers] == [201] * 3
        assert answers[0].json() == answers[1].json() == answers[2].json()
        assert await empty.count("applicability", {}) == number + 1
    assert len(await told_scores(empty)) == told + 1


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"act": {"number": "приказ № 5"}}, ("invalid-request", "/act/date")),
        ({"act": None}, ("invalid-request", "/act")),
        ({"act": {"number": "приказ № 5", "date": "2030-01-01"}}, ("invalid-applicability", "/act/date")),
        ({"procedure": "unheard"}, ("invalid-applicability", "/procedure")),
        ({"municipalities": ["m1", "m9"]}, ("invalid-applicability", "/municipalities/1")),
        ({"municipalities": []}, ("invalid-request", "/municipalities")),
        ({"period": "2019"}, ("invalid-applicability", "/period")),
        ({"period": "скоро"}, ("unknown-period", None)),
        ({"reason": " "}, ("invalid-request", "/reason")),
    ],
)
async def test_a_wrong_act_is_refused_at_its_place_and_changes_nothing(
    http: httpx.AsyncClient, empty: Database, changes: dict[str, Any], refused: tuple[str, str | None]
) -> None:
    (code, pointer), before = refused, (await empty.find("cards", {}), await empty.find("meta", {}))
    answer = await stated(http, **changes)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert pointer is None or [one["pointer"] for one in answer.json()["errors"]] == [pointer]
    assert (await empty.find("cards", {}), await empty.find("meta", {})) == before


async def test_an_act_names_municipalities_by_codes_too(http: httpx.AsyncClient) -> None:
    answer = await stated(http, municipalities=["75702000", "m1", "m2"])
    named = answer.json()["municipalities"]
    assert (answer.status_code, [one["id"] for one in named]) == (201, ["m2", "m1"])
    assert named[0]["oktmo"] == "75702000"
    read = await http.get(answer.headers["location"])
    (listed,) = (await http.get("/v1/applicability")).json()["items"]
    assert read.json()["municipalities"] == listed["municipalities"] == named


async def test_an_act_is_read_with_the_name_that_its_municipality_has_since(
    scoring: Scoring, http: httpx.AsyncClient
) -> None:
    made = await stated(http)
    renamed = Municipality("m1", 2, "74", (Named("М1 МО", "75701000", "2014-01-01"),))
    await scoring.batches.take(None, News((), [renamed]))
    again = await http.get(made.headers["location"], headers={"If-None-Match": made.headers["etag"]})
    assert (again.status_code, again.headers["etag"]) == (200, made.headers["etag"])
    assert again.json()["municipalities"][0]["name"] == "М1 МО"


async def test_an_edition_that_exempts_whom_nobody_knows_is_refused_at_its_place(http: httpx.AsyncClient) -> None:
    exempt = DOCUMENT["applicability"][0] | {"municipalities": ["m3", "m9", "75701000"]}
    made = document(id="strange", in_force={"from": 2022}, applicability=[exempt])
    answer = await http.put("/v1/methodologies/strange", json=made)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-methodology")
    wrong = {one["pointer"]: one["remedy"] for one in answer.json()["errors"]}
    assert set(wrong) == {"/applicability/0/municipalities/1", "/applicability/0/municipalities/2"}
    assert wrong["/applicability/0/municipalities/2"] == "Напишите m1"
    assert [one["id"] for one in (await http.get("/v1/methodologies")).json()["items"]] == ["small"]


async def test_the_check_of_an_edition_names_procedures_that_nobody_can_report(http: httpx.AsyncClient) -> None:
    found = (await http.get("/v1/methodologies/small/check")).json()["items"]
    named = [one["where"] for one in found if one["code"] == "unknown-procedure"]
    assert named == ["first", "second"]


async def test_the_same_edition_written_otherwise_is_the_same(http: httpx.AsyncClient) -> None:
    [group, other] = DOCUMENT["groups"]
    made = document(id="later", in_force={"from": 2024}, groups=[group | {"maximum": "6.0"}, other])
    yaml_type = {"Content-Type": "application/yaml"}
    text = json.dumps(made, ensure_ascii=False).replace('"6.0"', "6.00")
    assert (await http.put("/v1/methodologies/later", json=made)).json()["status"] == "created"
    again = await http.put("/v1/methodologies/later", content=text.encode(), headers=yaml_type)
    assert (again.status_code, again.json()["status"]) == (200, "unchanged")


async def test_a_rating_as_of_an_instant_knows_the_rules_of_then(scoring: Scoring, http: httpx.AsyncClient) -> None:
    """Editions and acts that were loaded, and withdrawn, later are not known then."""
    clock, moments = clock_of(scoring), {}

    def pass_time(until: str) -> None:
        clock.move(days=100)
        moments[until] = clock()
        clock.move(days=1)

    pass_time("edition")
    act = (await stated(http)).json()["id"]
    pass_time("act")
    await http.post(f"/v1/applicability/{act}/withdrawal", json={"reason": "ошибка"}, headers={"If-Match": '"1"'})
    pass_time("withdrawn")
    other = document(id="small-2022", in_force={"from": 2022, "to": 2023}, overall={"maximum": 8})
    assert (await http.put("/v1/methodologies/small-2022", json=other)).status_code == 201
    pass_time("other")
    assert {name: await seen_at(http, moment.isoformat()) for name, moment in moments.items()} == {
        "edition": ("small", "7", "9"),
        "act": ("small", "3", "5"),
        "withdrawn": ("small", "7", "9"),
        "other": ("small-2022", "7", "8"),
    }
    assert await scoring.recounts.verify() == []
    before = await http.get("/v1/ratings/2022", params={"as_of": (NOON - timedelta(days=1)).isoformat()})
    assert (before.status_code, before.json()["code"]) == (404, "period-not-found")
    assert "баллов ещё не было" in before.json()["detail"]


async def seen_at(http: httpx.AsyncClient, instant: str) -> tuple[str, str, str]:
    """Edition, points and maximum of m1, the same in its rating and in its score."""
    at = {"as_of": instant}
    rating = (await http.get("/v1/ratings/2022", params=at)).json()
    row = next(row for row in rating["rows"] if row["municipality"]["id"] == "m1")
    score = (await http.get("/v1/scores/m1", params=at | {"period": "2022"})).json()
    assert (score["overall"]["points"], score["methodology"]) == (row["points"], rating["methodology"])
    return rating["methodology"], row["points"], row["maximum"]


async def test_a_use_that_is_not_permitted_is_flagged_until_it_is_left_out(http: httpx.AsyncClient) -> None:
    flag = {"procedure": "third", "code": "use-not-permitted", "act": "письмо № 9", "title": "Третья"}
    for path in ("/v1/ratings/2022", "/v1/scores/m1?period=2022", "/v1/scores/m1/explain?period=2022"):
        assert (await http.get(path)).json()["flags"] == [flag], path
    assert (await http.get("/v1/ratings/2022?group=third")).json()["flags"] == [flag]
    for path in ("/v1/ratings/2022?exclude=third", "/v1/ratings/2022?group=alpha", "/v1/scores/m3?period=2022"):
        assert (await http.get(path)).json()["flags"] == [], path
    table = {"Accept": "text/csv"}
    csv = DictReader((await http.get("/v1/ratings/2022?group=beta", headers=table)).text.splitlines())
    assert {line["not_permitted"] for line in csv} == {"third"}
    trend = {"until": "2022", "municipality": "m1"}
    told = (await http.get("/v1/trends", params=trend)).json()["flags"]
    assert [
        (one["period"], one["group"], one["procedure"], one["title"]) for one in told if one["period"] == "2022"
    ] == [
        ("2022", "overall", "third", "Третья"),
        ("2022", "beta", "third", "Третья"),
    ]
    lines = [*DictReader((await http.get("/v1/trends", params=trend, headers=table)).text.splitlines())]
    assert {line["not_permitted"] for line in lines if line["group"] == "alpha"} == {""}
    assert {line["not_permitted"] for line in lines if (line["group"], line["period"]) == ("beta", "2022")} == {"third"}


async def test_the_schema_of_the_format_is_served(http: httpx.AsyncClient) -> None:
    schema = (await http.get("/v1/methodologies/schema.json")).json()
    assert schema["$schema"].endswith("2020-12/schema")


async def test_bad_editions_are_refused_with_their_place_and_leave_everything_as_it_was(
    http: httpx.AsyncClient, empty: Database
) -> None:
    before = await empty.find("methodologies", {}), await empty.find("meta", {}), await empty.find("cards", {})
    steps = [[number, 0] for number in range(10**6)]
    for wrong, code in (
        (b"a: &x [*x]", "anchor"),
        (str({"steps": steps}).encode(), "too-large"),
    ):
        yaml = {"Content-Type": "application/yaml"}
        answer = await http.put(
            "/v1/methodologies/bad", content=wrong[: 200_000 if code == "anchor" else None], headers=yaml
        )
        assert answer.status_code in {413, 422}
        if answer.status_code == 422:
            assert {one["code"] for one in answer.json()["errors"]} == {code}
    zero = document(id="bad")
    zero["groups"][0]["procedures"][0]["maximum"] = 0
    rule = {"kind": "steps", "steps": steps[:2000]}
    many = document(id="bad")
    many["groups"][0]["procedures"][0]["indicators"][0]["rule"] = rule
    unknown = document(id="bad", applicability=[{**DOCUMENT["applicability"][0], "procedure": "nobody"}])
    bands = document(id="bad", levels={**DOCUMENT["levels"], "medium": [29, 59]})
    for made, code in (
        (zero, "not-positive"),
        (many, "too-many-items"),
        (unknown, "unknown-procedure"),
        (bands, "overlap"),
    ):
        answer = await http.put("/v1/methodologies/bad", json=made)
        assert (answer.status_code, {one["code"] for one in answer.json()["errors"]}) == (422, {code})
    assert (
        await empty.find("methodologies", {}), await empty.find("meta", {}), await empty.find("cards", {})
    ) == before  # fmt: skip
