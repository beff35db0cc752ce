"""Schools of two regions: lists, years, signs and clusters are each region's own."""

from typing import Any

import httpx
import pytest

from services.scoring.domain.names import Municipality, Named
from services.scoring.domain.news import News
from services.scoring.usecases import Scoring
from shared.kernel import Cause
from shared.mongo import Database
from shared.policy import Actor
from tests.integration.scoring.conftest import ACTORS
from tests.integration.scoring.schools import DESCRIBED, ask, low, of_school, tell
from tests.unit.scoring.schools.made import FINE, document

LOW, SIGNS = "/v1/schools/low-results", "/v1/schools/bias-signs"


@pytest.fixture
def home() -> str:
    return "74"


@pytest.fixture(autouse=True)
async def described(scoring: Scoring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ACTORS, "of-66", Actor("municipality", "of-66-a", {"municipality": "66-a"}))
    named = [Municipality(f"{one}-a", 1, one, (Named(one, f"{one}701000", "2014-01-01"),)) for one in ("66", "74")]
    await scoring.batches.take(None, News((), named, DESCRIBED))
    await scoring.schools.thresholds.put("small", document(), cause=Cause("c"))
    await scoring.schools.judging.judge()


def at(region: str, school: str = "s1", **more: Any) -> Any:
    return of_school(f"{region}-{school}", municipality=f"{region}-a", **more)


async def listed(http: httpx.AsyncClient, query: str, who: str = "ministry") -> tuple[list[str], list[str]]:
    body = (await ask(http, f"{LOW}?{query}", who)).raise_for_status().json()
    return low(body), body["years"]


async def test_a_list_is_of_one_region(scoring: Scoring, http: httpx.AsyncClient) -> None:
    await tell(scoring, at("74"), at("66"))
    assert await listed(http, "period=2022") == (["74-s1"], ["2022"])
    assert await listed(http, "period=2022&region=66") == (["66-s1"], ["2022"])
    assert await listed(http, "period=2022&municipality=66-a") == (["66-s1"], ["2022"])
    assert await listed(http, "period=2022&municipality=66701000") == (["66-s1"], ["2022"])
    assert await listed(http, "period=2022", "of-66") == (["66-s1"], ["2022"])
    for path in (LOW, "/v1/schools/strong", "/v1/schools/results", SIGNS):
        refused = await ask(http, f"{path}?period=2022&region=99")
        assert (refused.status_code, refused.json()["code"]) == (404, "region-not-found")
    results = (await ask(http, "/v1/schools/results?period=2022&region=66")).json()["items"]
    assert [one["school"]["id"] for one in results] == ["66-s1"]


async def test_results_of_a_later_year_elsewhere_put_nobody_on_that_years_list(
    scoring: Scoring, http: httpx.AsyncClient
) -> None:
    await tell(scoring, at("74", period="2021"), at("74", period="2022"))
    await tell(scoring, at("66", period="2023"))
    assert await listed(http, "period=2023") == ([], ["2022", "2021"])
    assert await listed(http, "period=2023&region=66") == (["66-s1"], ["2023"])
    await tell(scoring, at("74", "s2", period="2023", values=FINE))
    assert await listed(http, "period=2023") == (["74-s1"], ["2023", "2022", "2021"])


async def test_a_years_signs_are_looked_for_region_by_region(
    scoring: Scoring, empty: Database, http: httpx.AsyncClient
) -> None:
    await tell(scoring, at("74"))
    await scoring.schools.looking.look()
    before = (await ask(http, f"{SIGNS}?period=2022")).json()
    await tell(scoring, at("66"))
    assert (await ask(http, f"{SIGNS}?period=2022&region=66")).json()["pending"] is True
    await scoring.schools.looking.look()
    assert (await ask(http, f"{SIGNS}?period=2022")).json() == before
    there = (await ask(http, f"{SIGNS}?period=2022&region=66")).json()
    assert (there["pending"], there["period"], there["years"]) == (False, "2022", ["2022"])
    assert {"2022", "66-2022"} <= {row["_id"] for row in await empty.find("school_years", {})}


async def test_schools_are_grouped_with_those_of_their_region(scoring: Scoring, http: httpx.AsyncClient) -> None:
    own = [at("74", f"s{n:02}", values={"percent": str(10 * (n % 2) + n)} | FINE) for n in range(12)]
    await tell(scoring, *own)
    path = "/v1/clusters?period=2022&k=2"
    before = await ask(http, path)
    await tell(scoring, *(at("66", f"s{n:02}", values={"percent": "90"} | FINE) for n in range(12)))
    assert (await ask(http, path)).content == before.content
    assert before.status_code == 200, before.text
