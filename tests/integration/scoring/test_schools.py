"""Schools on a real MongoDB and over HTTP: judged by what is stored, told once, shown to nobody else."""

import json
from typing import Any

import httpx
import pytest

from services.scoring.domain import Fact
from services.scoring.domain.news import News
from services.scoring.events import SchoolDelisted, SchoolListed
from services.scoring.usecases import Scoring
from shared.kernel import Cause
from shared.mongo import Database, DeleteMany
from tests.integration.scoring.conftest import NewWorker
from tests.integration.scoring.schools import ask, describe, low, of_school, tell
from tests.integration.scoring.told import outbox
from tests.unit.scoring.schools.made import FINE, document


@pytest.fixture(autouse=True)
async def described(scoring: Scoring) -> None:
    await describe(scoring)


async def told_of(database: Database, kind: Any) -> list[tuple[str, str, list[str], int]]:
    found = await outbox(database, kind.TYPE)
    return [(one["school"], one["list"], one["criteria"], one["causes"][0]["revision"]) for one in found]


async def test_a_school_enters_and_leaves_only_by_stored_results_and_each_is_told_once(
    scoring: Scoring, empty: Database, http: httpx.AsyncClient
) -> None:
    await tell(scoring, of_school())
    await tell(scoring, of_school())
    assert await told_of(empty, SchoolListed) == [("s1", "low_results", ["year.russian"], 1)]
    body = (await ask(http, "/v1/schools/low-results?period=2022")).json()
    assert body["years"] == ["2022"]
    assert (await ask(http, "/v1/schools/bias-signs?period=2023")).json()["years"] == ["2022"]
    [item] = body["items"]
    assert item["school"] == {"id": "s1", "municipality": {"id": "m1", "name": "M1", "oktmo": "75701000"}}
    [criterion] = item["criteria"]
    assert (item["thresholds"], criterion["title"], criterion["span"]) == ("small", "Русский язык", "year")
    [reason] = criterion["reasons"]
    assert {name: reason[name] for name in ("result", "revision", "value", "percent", "threshold", "measure")} == {
        "result": "s1-vpr-2022", "revision": 1, "value": "0.4", "percent": "40", "threshold": "0.3",
        "measure": "low_share",
    }  # fmt: skip
    await tell(scoring, of_school(revision=2, values=FINE))
    assert low((await ask(http, "/v1/schools/low-results?period=2022")).json()) == []
    assert await told_of(empty, SchoolDelisted) == [("s1", "low_results", ["year.russian"], 2)]
    assert await empty.count("school_pending", {}) == 0


async def test_an_older_revision_late_or_repeated_changes_no_list(scoring: Scoring, empty: Database) -> None:
    await tell(scoring, of_school(revision=2, values=FINE))
    await tell(scoring, of_school(), of_school(revision=2, values=FINE))
    assert await told_of(empty, SchoolListed) == [("s1", "strong", ["year.russian"], 2)]


async def test_two_processes_judge_a_school_once(scoring: Scoring, new_worker: NewWorker, empty: Database) -> None:
    other = new_worker()
    await other.load()
    facts = [of_school(f"s{n}") for n in range(30)]
    await scoring.batches.take(None, News(facts))
    import asyncio

    await asyncio.gather(scoring.schools.judging.judge(), other.schools.judging.judge())
    assert len(await told_of(empty, SchoolListed)) == 30
    assert await empty.count("school_standings", {}) == 30


async def test_a_result_that_came_before_its_description_is_judged_when_that_comes(
    scoring: Scoring, empty: Database
) -> None:
    await tell(scoring, of_school(procedure="late"))
    criteria = [{"key": "late", "title": "Позднее", "subject": "late",
                 "results": [{"procedure": "late", "low": {"measure": "low_share", "at_least": "0.3"}}]}]  # fmt: skip
    whole = document(id="later", in_force={"from": 2021}, criteria=criteria, set={"low": 1, "strong": 1})
    await scoring.schools.thresholds.put("later", whole, cause=Cause("c"))
    await scoring.schools.judging.judge()
    [standing] = await empty.find("school_standings", {"organization": "s1"})
    assert (standing["thresholds"], standing["verdicts"][0]["state"]) == ("later", "not_comparable")
    late = {"_id": "late", "revision": 1, "name": "Поздняя",
            "school": {"subject": "late", "level": "basic", "grade": None, "external": True}}  # fmt: skip
    await scoring.batches.take(None, News((), (), [late]))
    await scoring.schools.judging.judge()
    [told] = await outbox(empty, SchoolListed.TYPE)
    assert (told["criteria"], told["quiet"]) == (["year.late", "year.set"], True)


async def test_a_school_is_on_the_list_over_three_years_of_a_year_that_others_only_have_results_of(
    scoring: Scoring, http: httpx.AsyncClient, empty: Database
) -> None:
    """Whichever comes first: its own results of the years before, or those of another school of the new year."""

    def low_twice(school: str) -> list[Fact]:
        return [of_school(school, period=period) for period in ("2020", "2021")]

    await tell(scoring, *low_twice("s1"))
    path = "/v1/schools/low-results?period=2022&span=three_years"
    assert low((await ask(http, path)).json()) == []
    new = of_school("s2", values=FINE)
    await tell(scoring, new)
    [item] = (await ask(http, path)).json()["items"]
    assert (item["school"]["id"], item["participants"], item["levels"]) == ("s1", None, [])
    assert (await ask(http, "/v1/schools/s1/risk-profile")).json()["period"] == "2021"
    assert [one["period"] for one in item["criteria"][0]["reasons"]] == ["2020", "2021"]
    await tell(scoring, *low_twice("s3"))
    assert low((await ask(http, path)).json()) == ["s1", "s3"]
    entered = [one for one in await outbox(empty, SchoolListed.TYPE) if one["period"] == "2022"]
    assert [(one["school"], one["list"], one["quiet"]) for one in entered] == [
        ("s2", "strong", False), ("s1", "low_results", True), ("s3", "low_results", False),
    ]  # fmt: skip
    await tell(scoring, of_school("s1", values=FINE, period="2022"), of_school("s1", 2, values=FINE, period="2021"))
    assert low((await ask(http, path)).json()) == ["s3"]


async def test_a_list_that_goes_on_from_the_year_before_alarms_nobody_at_a_first_result(
    scoring: Scoring, empty: Database
) -> None:
    await tell(scoring, *[of_school(period=period) for period in ("2020", "2021")])
    await tell(scoring, of_school(period="2022", procedure="riko"))
    told = [one for one in await outbox(empty, SchoolListed.TYPE) if "three_years.russian" in one["criteria"]]
    assert [(one["period"], one["quiet"]) for one in told] == [("2021", False), ("2022", True)]


async def test_a_withdrawn_result_makes_no_year_of_the_region(scoring: Scoring, http: httpx.AsyncClient) -> None:
    await tell(scoring, *[of_school("s1", period=period) for period in ("2020", "2021")])
    await tell(scoring, of_school("s2", values=None))
    assert low((await ask(http, "/v1/schools/low-results?period=2022&span=three_years")).json()) == []


async def test_schools_that_were_judged_before_it_was_kept_what_was_heard_are_judged_once_more(
    scoring: Scoring, empty: Database
) -> None:
    await tell(scoring, of_school())
    await empty.write("school_heard", [DeleteMany({})])
    await empty.write("school_years", [DeleteMany({})])
    await scoring.schools.judging.judge()
    assert await empty.count("school_heard", {}) == 1
    assert await empty.count("school_years", {"heard": True}) == 1


async def test_two_processes_find_a_new_year_of_the_region_and_leave_nobody_out(
    scoring: Scoring, new_worker: NewWorker, http: httpx.AsyncClient
) -> None:
    import asyncio

    other = new_worker()
    await other.load()
    schools = [f"s{n:02}" for n in range(40)]
    await tell(scoring, *[of_school(school, period=period) for school in schools for period in ("2020", "2021")])
    late = [of_school(school, 2, period="2021") for school in schools[::2]]
    await scoring.batches.take(None, News([of_school("x", values=FINE), *late]))
    await asyncio.gather(scoring.schools.judging.judge(), other.schools.judging.judge())
    body = (await ask(http, "/v1/schools/low-results?period=2022&span=three_years&limit=100")).json()
    assert low(body) == schools


async def test_a_set_in_use_is_never_edited(scoring: Scoring, http: httpx.AsyncClient) -> None:
    put = {"url": "/v1/school-thresholds/small", "json": document(title="Иначе")}
    unsaid = await http.put(**put)
    assert (unsaid.status_code, unsaid.json()["code"]) == (428, "if-match-required")
    assert "GET /v1/school-thresholds/small" in unsaid.json()["detail"]
    assert (await http.put(**put, headers={"If-None-Match": "*"})).status_code == 412
    held = (await http.get("/v1/school-thresholds/small")).headers["etag"]
    replaced = await http.put(**put, headers={"If-Match": held})
    assert (replaced.json()["status"], replaced.headers["etag"]) == ("replaced", '"2"')
    assert (await http.put(**put, headers={"If-Match": held})).status_code == 412
    await scoring.schools.judging.judge()
    await tell(scoring, of_school())
    assert (await http.put(**put)).json()["status"] == "unchanged"
    refused = await http.put("/v1/school-thresholds/small", json=document())
    assert (refused.status_code, refused.json()["code"]) == (409, "thresholds-in-use")
    wrong = await http.put("/v1/school-thresholds/other", json=document(id="other", minimum_participants=0))
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/minimum_participants")
    misnamed = await http.put("/v1/school-thresholds/other", json=document())
    assert misnamed.json()["code"] == "thresholds-misnamed"
    assert [one["id"] for one in (await http.get("/v1/school-thresholds")).json()["items"]] == ["small"]
    assert (await http.get("/v1/school-thresholds/small")).json()["title"] == "Иначе"
    assert (await http.get("/v1/school-thresholds/none")).status_code == 404


async def test_a_list_is_read_by_pages_and_narrowed(scoring: Scoring, http: httpx.AsyncClient) -> None:
    await tell(scoring, *[of_school(f"s{n}", municipality=f"m{n % 2 + 1}") for n in range(5)])
    first = (await ask(http, "/v1/schools/low-results?period=2022&limit=3")).json()
    rest = (await ask(http, f"/v1/schools/low-results?period=2022&limit=3&cursor={first['next']}")).json()
    assert (low(first), low(rest), rest["next"]) == (["s0", "s1", "s2"], ["s3", "s4"], None)
    assert low((await ask(http, "/v1/schools/low-results?period=2021-2022&municipality=m2")).json()) == ["s1", "s3"]
    for query, count in (("span=year", 5), ("span=three_years", 0), ("criterion=russian", 5), ("criterion=set", 0)):
        assert len(low((await ask(http, f"/v1/schools/low-results?period=2022&{query}")).json())) == count, query
    assert (await ask(http, "/v1/schools/low-results?period=soon")).status_code == 422
    assert (await ask(http, "/v1/schools/low-results")).status_code == 422


async def test_everybody_sees_their_own_schools_only(scoring: Scoring, http: httpx.AsyncClient) -> None:
    await tell(scoring, of_school("s1"), of_school("s2", municipality="m2"), of_school("s3"))
    seen = {
        who: low((await ask(http, "/v1/schools/low-results?period=2022", who)).json())
        for who in ("ministry", "m1", "m2", "s1", "s2")
    }
    assert seen == {"ministry": ["s1", "s2", "s3"], "m1": ["s1", "s3"], "m2": ["s2"], "s1": ["s1"], "s2": ["s2"]}
    for who, status in (("", 401), ("expert", 403), ("system", 403)):
        assert (await ask(http, "/v1/schools/low-results?period=2022", who)).status_code == status
    profiles = {
        who: (await ask(http, "/v1/schools/s1/risk-profile", who)).status_code
        for who in ("", "expert", "ministry", "m1", "m2", "s1", "s2")
    }
    assert profiles == {"": 401, "expert": 403, "ministry": 200, "m1": 200, "m2": 404, "s1": 200, "s2": 404}
    foreign = (await ask(http, "/v1/schools/s1/risk-profile", "m2")).json()
    unknown = (await ask(http, "/v1/schools/nobody/risk-profile", "m2")).json()
    assert (foreign["code"], foreign["detail"].replace("s1", "nobody")) == (unknown["code"], unknown["detail"])


async def test_a_profile_names_the_factors_with_their_procedures_and_years(
    scoring: Scoring, http: httpx.AsyncClient
) -> None:
    await tell(scoring, of_school(period="2021"), of_school(period="2022"), of_school(procedure="oge", values=FINE))
    body = (await ask(http, "/v1/schools/s1/risk-profile")).json()
    assert [(one["period"], one["span"], one["criterion"]) for one in body["factors"]] == [
        ("2022", "year", "russian"), ("2022", "three_years", "russian"), ("2021", "year", "russian"),
    ]  # fmt: skip
    assert [one["period"] for one in body["factors"][1]["reasons"]] == ["2021", "2022"]
    assert [one["period"] for one in body["years"]] == ["2022", "2021"]
    earlier = (await ask(http, "/v1/schools/s1/risk-profile?period=2021")).json()
    assert [one["period"] for one in earlier["years"]] == ["2021"]
    assert body["periods"] == earlier["periods"] == ["2022", "2021"]


async def test_a_school_that_is_low_in_the_same_is_no_partner(scoring: Scoring, http: httpx.AsyncClient) -> None:
    riko = {"participants": "20", "percent": "90", "below_minimum": "0"}
    await tell(scoring, *(of_school(one) for one in ("both", "weak")))
    await tell(scoring, *(of_school(one, procedure="riko", values=riko) for one in ("both", "sound")))
    await tell(scoring, of_school("weak", procedure="riko", values={**riko, "percent": "50"}))
    await tell(scoring, of_school("sound", values=FINE))
    items = (await ask(http, "/v1/schools/strong?period=2022")).json()["items"]
    assert {one["school"]["id"]: [each["school"]["id"] for each in one["pairs"]] for one in items} == {
        "both": [],
        "sound": ["both", "weak"],
    }


async def test_pairs_beyond_the_readers_own_are_counted_not_named(scoring: Scoring, http: httpx.AsyncClient) -> None:
    await tell(
        scoring,
        of_school("strong", values=FINE),
        of_school("near", municipality="m2"),
        of_school("own"),
    )
    [item] = (await ask(http, "/v1/schools/strong?period=2022")).json()["items"]
    assert [(one["school"]["id"], one["near"]) for one in item["pairs"]] == [("near", True), ("own", False)]
    [seen] = (await ask(http, "/v1/schools/strong?period=2022", "m1")).json()["items"]
    assert ([one["school"]["id"] for one in seen["pairs"]], seen["elsewhere"]) == (["own"], 1)
    assert "near" not in json.dumps(seen["pairs"][0]["school"])
    assert (await ask(http, "/v1/schools/strong?period=2022", "m2")).json()["items"] == []
