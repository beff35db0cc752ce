"""Schools on a real MongoDB and over HTTP: judged by what is stored, told once, shown to nobody else."""

import json
from typing import Any

import httpx
import pytest

from services.scoring.domain import Fact
from services.scoring.domain.names import Municipality, Named
from services.scoring.domain.news import News
from services.scoring.events import SchoolDelisted, SchoolListed
from services.scoring.usecases import Scoring
from services.scoring.usecases.schools import results
from shared.kernel import Cause
from shared.mongo import Database, DeleteMany
from shared.policy import Actor
from tests.integration.scoring.conftest import ACTORS, NewWorker
from tests.integration.scoring.told import outbox
from tests.unit.scoring.made import fact
from tests.unit.scoring.schools.made import FINE, LEVELS, SUBJECTS, WEAK, document, marks

ACTORS |= {
    "m2": Actor("municipality", "of-m2", {"municipality": "m2"}),
    "s1": Actor("organization", "of-s1", {"organization": "s1"}),
    "s2": Actor("organization", "of-s2", {"organization": "s2"}),
    "system": Actor("system", "gis", {"client": "gis"}, frozenset({"ratings:read", "results:read"}), client_id="gis"),
}
DESCRIBED = [
    {"_id": key, "revision": 1, "name": f"Процедура {key}",
     "school": {"subject": subject, "level": LEVELS[key], "grade": 4, "external": False}}
    for key, subject in SUBJECTS.items()
]  # fmt: skip


def of_school(school: str = "s1", revision: int = 1, **more: Any) -> Fact:
    told = {"municipality": "m1", "organization": school, "procedure": "vpr", "values": WEAK} | more
    name = f"{school}-{told['procedure']}-{told.get('period', '2022')}"
    return fact(name, revision, **told)


async def tell(scoring: Scoring, *facts: Fact) -> None:
    await scoring.batches.take(None, News(facts))
    await scoring.schools.judging.judge()


@pytest.fixture(autouse=True)
async def described(scoring: Scoring) -> None:
    named = [
        Municipality(m, 1, "74", (Named(m.upper(), "75701000", "2014-01-01"),), tile=(n, 0))
        for n, m in enumerate(("m1", "m2"))
    ]
    await scoring.batches.take(None, News((), named, DESCRIBED))
    await scoring.schools.thresholds.put("small", document(), cause=Cause("c"))
    await scoring.schools.judging.judge()


async def told_of(database: Database, kind: Any) -> list[tuple[str, str, list[str], int]]:
    found = await outbox(database, kind.TYPE)
    return [(one["school"], one["list"], one["criteria"], one["causes"][0]["revision"]) for one in found]


def low(body: Any) -> list[str]:
    return [one["school"]["id"] for one in body["items"]]


async def ask(http: httpx.AsyncClient, path: str, who: str = "ministry") -> httpx.Response:
    headers = {"Authorization": f"Bearer {who}"} if who else {"Authorization": ""}
    return await http.get(path, headers=headers)


async def test_a_school_enters_and_leaves_only_by_stored_results_and_each_is_told_once(
    scoring: Scoring, empty: Database, http: httpx.AsyncClient
) -> None:
    await tell(scoring, of_school())
    await tell(scoring, of_school())
    assert await told_of(empty, SchoolListed) == [("s1", "low_results", ["year.russian"], 1)]
    [item] = (await ask(http, "/v1/schools/low-results?period=2022")).json()["items"]
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
    assert (await http.put(**put)).json()["status"] == "replaced"
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


async def test_results_are_read_by_procedure_subject_level_and_year_and_by_nobody_else(
    scoring: Scoring, http: httpx.AsyncClient
) -> None:
    await tell(
        scoring,
        of_school("s1", values=WEAK),
        of_school("s1", 2, values=FINE),
        of_school("s1", procedure="oge", exempt=True, values=None),
        of_school("s1", period="2021-2022", procedure="riko", values={"percent": "61.5", "participants": "20"}),
        of_school("s1", period="2021", values=WEAK),
        of_school("s2", municipality="m2", values=WEAK),
        of_school("s2", municipality="m2", procedure="other", values={"i1": "1"}),
        of_school("s3", municipality="m2", values=WEAK),
        of_school("s3", 2, municipality="m2", values=None),
    )

    async def read(query: str, who: str = "ministry") -> dict[str, list[str]]:
        answer = (await ask(http, f"/v1/schools/results?period={query}", who)).raise_for_status().json()
        assert (answer["pending"], answer["next"]) == (False, None)
        return {one["school"]["id"]: [of["procedure"] for of in one["results"]] for one in answer["items"]}

    assert await read("2022") == {"s1": ["oge", "riko", "vpr"], "s2": ["other", "vpr"]}
    assert await read("2022&procedure=vpr") == {"s1": ["vpr"], "s2": ["vpr"]}
    assert await read("2022&subject=russian&level=basic") == {"s1": ["oge"]}
    assert await read("2022&subject=metasubject") == {"s1": ["riko"]}
    assert await read("2022&municipality=m2") == {"s2": ["other", "vpr"]}
    assert await read("2021") == {"s1": ["vpr"]}
    assert await read("2020") == {}
    assert await read("2022", "m1") == {"s1": ["oge", "riko", "vpr"]}
    assert await read("2022", "s2") == {"s2": ["other", "vpr"]}
    [school] = (await ask(http, "/v1/schools/results?period=2022&municipality=m1")).json()["items"]
    exempt, mean, marked = school["results"]
    assert (exempt["state"], exempt["participants"], exempt["low_share"]) == ("not_applicable", None, None)
    assert (mean["mean_share"], mean["participants"], mean["period"]) == ("0.615", 20, "2021-2022")
    assert (marked["subject"], marked["level"], marked["grade"], marked["revision"]) == ("russian", "primary", 4, 2)
    assert (marked["state"], marked["mean_share"]) == ("values", None)
    for who, status in (("expert", 403), ("system", 403), ("", 401)):
        assert (await ask(http, "/v1/schools/results?period=2022", who)).status_code == status


async def test_pages_of_results_hold_whole_schools_and_leave_nobody_out(
    scoring: Scoring, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "AT_ONCE", 2)
    procedures = ["vpr", "oge", "vpr", "oge", "oge", "vpr", "vpr"]
    await tell(scoring, *(of_school(f"s{n}", procedure=one, values=WEAK) for n, one in enumerate(procedures)))
    seen, cursor = [], ""
    for _ in range(4):
        body = (await ask(http, f"/v1/schools/results?period=2022&procedure=vpr&limit=2{cursor}")).json()
        seen.append(low(body))
        if body["next"] is None:
            break
        cursor = f"&cursor={body['next']}"
    assert seen == [["s0", "s2"], ["s5", "s6"]]


async def test_an_ordinary_school_has_a_profile_of_what_was_looked_at(
    scoring: Scoring, http: httpx.AsyncClient
) -> None:
    await tell(scoring, of_school(values=marks(0, 31, 40, 29)))
    profile = (await ask(http, "/v1/schools/s1/risk-profile")).raise_for_status().json()
    assert profile["factors"] == []
    [year] = profile["years"]
    looked = {(one["span"], one["criterion"]): one for one in year["criteria"]}["year", "russian"]
    assert looked["state"] == "neither"
    assert [(one["procedure"], one["result"], one["revision"]) for one in looked["reasons"]] == [
        ("vpr", "s1-vpr-2022", 1)
    ]


async def test_a_list_says_by_which_set_it_is_and_an_unknown_municipality_is_not_found(
    scoring: Scoring, http: httpx.AsyncClient
) -> None:
    for path in ("low-results", "strong"):
        told = (await ask(http, f"/v1/schools/{path}?period=2022")).json()
        assert (told["thresholds"], told["pending"]) == ("small", False)
        assert (await ask(http, f"/v1/schools/{path}?period=1999")).json()["thresholds"] is None
    await scoring.batches.take(None, News((of_school(),)))
    assert (await ask(http, "/v1/schools/low-results?period=2022")).json()["pending"] is True
    for path in ("low-results", "strong", "results", "bias-signs"):
        answer = await ask(http, f"/v1/schools/{path}?period=2022&municipality=m9")
        assert (answer.status_code, answer.json()["code"]) == (404, "municipality-not-found")
