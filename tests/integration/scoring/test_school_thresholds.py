"""A threshold set that judged a school is never edited, whatever comes at that very moment or later."""

from copy import deepcopy
from typing import Any

import httpx
import pytest

from services.scoring.events import SchoolDelisted
from services.scoring.store.schools import standings
from services.scoring.usecases import Scoring
from shared.mongo import Database
from tests.integration.scoring.meanwhile import before_step
from tests.integration.scoring.schools import ask, describe, of_school, tell
from tests.integration.scoring.told import outbox
from tests.unit.scoring.schools.made import LOW, document

ADDRESS = "/v1/school-thresholds/later"
LATER = document(id="later", in_force={"from": 2021, "to": 2025})
# By this one the school of these tests is on no list.
LENIENT = deepcopy(LATER)
for criterion in LENIENT["criteria"]:
    for result in criterion["results"]:
        result["low"] = LOW | {"at_least": "0.9"}


@pytest.fixture(autouse=True)
async def listed(scoring: Scoring) -> None:
    """A school that another set has put on a list."""
    await describe(scoring)
    await tell(scoring, of_school())


async def replace(http: httpx.AsyncClient, key: str, by: dict[str, Any]) -> httpx.Response:
    return await http.put(f"/v1/school-thresholds/{key}", json=by | {"id": key}, headers={"If-Match": '"1"'})


async def test_a_set_that_is_replaced_in_the_moment_in_which_it_judges_first_judges_nobody_by_what_it_was(
    scoring: Scoring, http: httpx.AsyncClient, empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The school leaves its list by what the set was, of which nobody knows any more once it is replaced."""
    assert (await http.put(ADDRESS, json=LENIENT)).status_code == 201

    async def meanwhile() -> None:
        assert (await replace(http, "later", LATER)).json()["status"] == "replaced"

    before_step(monkeypatch, standings, "_keep", meanwhile)
    await scoring.schools.judging.judge()
    (standing,) = (await ask(http, "/v1/schools/low-results?period=2022")).json()["items"]
    assert (standing["thresholds"], (await http.get(ADDRESS)).headers["etag"]) == ("later", '"2"')
    assert await outbox(empty, SchoolDelisted.TYPE) == []


async def test_a_set_that_judged_schools_once_is_never_edited(scoring: Scoring, http: httpx.AsyncClient) -> None:
    assert (await http.put(ADDRESS, json=LATER)).status_code == 201
    await scoring.schools.judging.judge()
    assert (await ask(http, "/v1/schools/low-results?period=2022")).json()["thresholds"] == "later"
    for key in ("small", "later"):
        refused = await replace(http, key, LENIENT)
        assert (refused.status_code, refused.json()["code"]) == (409, "thresholds-in-use"), key
