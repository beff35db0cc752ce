"""What is read of schools beside the lists: results, what a profile looked at, by which set, whose schools."""

import httpx
import pytest

from services.scoring.domain.news import News
from services.scoring.usecases import Scoring
from services.scoring.usecases.schools import results
from tests.integration.scoring.schools import ask, describe, low, of_school, tell
from tests.unit.scoring.schools.made import FINE, WEAK, marks


@pytest.fixture(autouse=True)
async def described(scoring: Scoring) -> None:
    await describe(scoring)


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
