"""Recommendations over HTTP on a real MongoDB: read within one's scope, issued, considered, answered, told once."""

import json
from typing import Any

import httpx
import pytest

from services.roadmap.domain.recommendation import STATES
from services.roadmap.usecases import Roadmap
from shared.batch import Batch
from shared.mongo import Database
from shared.telemetry.metrics import REGISTRY
from tests.integration.roadmap.conftest import KNOWN, hear, registered
from tests.unit.roadmap.making import told

OWN, FOREIGN = "municipality 74-a", "municipality 74-b"
ONE = "/v1/recommendations/74-a:2022:overall:5"


def by(who: str, etag: str | None = None, **headers: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {who}", **({"If-Match": etag} if etag else {}), **headers}


@pytest.fixture(autouse=True)
async def drafted(uses: Roadmap, known: None) -> None:
    """A draft for each of two municipalities."""
    fell = ("overall", "above_average", "medium")
    heard = [told(5, fell, municipality=one) for one in ("74-a", "74-b")]
    await uses.follow([], heard, batch=Batch("roadmap", "roadmap.dlq", []))


async def step(http: httpx.AsyncClient, name: str, who: str, body: dict[str, Any], *, etag: str = "") -> httpx.Response:
    etag = etag or (await http.get(ONE)).headers["etag"]
    return await http.post(f"{ONE}/{name}", json=body, headers=by(who, etag))


async def _told(database: Database) -> list[str]:
    rows = await database.find("outbox", {"key": b"74-a"}, sort=[("_id.s", 1)])
    assert [json.loads(row["value"])["recommendation"] for row in rows] == ["74-a:2022:overall:5"] * len(rows)
    return [row["headers"]["ce_type"].split(".")[-2] for row in rows]


async def test_the_whole_way_is_gone_by_those_who_may_and_told_step_by_step(
    http: httpx.AsyncClient, database: Database
):
    issued = await step(http, "issue", "regional_operator", {})
    assert (issued.status_code, issued.json()["state"], issued.headers["etag"]) == (200, "issued", '"2"')
    met = {"meeting": "Совет по качеству", "held_on": "2022-11-01"}
    considered = await step(http, "consider", OWN, met)
    assert considered.json()["steps"][-1] == {
        **considered.json()["steps"][-1],
        "on": "2022-11-01",
        "note": "Совет по качеству",
    }
    accepted = await step(http, "accept", OWN, {})
    assert (accepted.json()["state"], accepted.json()["state_words"]) == ("accepted", "принята")
    assert [one["role"] for one in accepted.json()["steps"]] == ["regional_operator", "municipality", "municipality"]
    accounts = [one.get("account") for one in (await http.get(ONE, headers=by("ministry"))).json()["steps"]]
    assert accounts == ["regional_operator-", "municipality-74-a", "municipality-74-a"]
    assert "account" not in (await http.get(ONE, headers=by(OWN))).text + accepted.text
    assert await _told(database) == ["drafted", "issued", "considered", "accepted"]
    late = await step(http, "decline", OWN, {"reason": "передумали"})
    assert (late.status_code, late.json()["code"]) == (409, "recommendation-state-differs")


async def test_a_recommendation_is_read_with_the_name_that_its_municipality_has_since(
    http: httpx.AsyncClient, uses: Roadmap
):
    tag = (await http.get(ONE)).headers["etag"]
    renamed = registered("74-a", ("А МО", "75000001", "2014-01-01"), revision=2)
    await hear(uses, renamed, place=len(KNOWN))
    again = await http.get(ONE, headers={"If-None-Match": tag})
    assert (again.status_code, again.headers["etag"], again.json()["municipality"]["name"]) == (200, tag, "А МО")


async def test_a_draft_is_discarded_by_those_who_issue_and_counted_so(
    http: httpx.AsyncClient, uses: Roadmap, database: Database
):
    assert (await step(http, "discard", OWN, {"reason": "не нужна"})).status_code == 403
    silent = await step(http, "discard", "ministry", {})
    assert [(one["pointer"], one["code"]) for one in silent.json()["errors"]] == [("/reason", "required")]
    gone = await step(http, "discard", "ministry", {"reason": "Уровень восстановлен"})
    assert (gone.status_code, gone.json()["state"]) == (200, "discarded")
    assert gone.json()["steps"][-1]["note"] == "Уровень восстановлен"
    late = await step(http, "issue", "ministry", {})
    assert (late.status_code, late.json()["code"]) == (409, "recommendation-state-differs")
    assert await _told(database) == ["drafted", "discarded"]
    found = (await http.get("/v1/recommendations", params={"state": "discarded"})).json()["items"]
    assert [one["id"] for one in found] == ["74-a:2022:overall:5"]
    await uses.measuring.measure()
    counted = {state: REGISTRY.get_sample_value("rsoko_recommendations", {"state": state}) for state in STATES}
    assert {state: count for state, count in counted.items() if count} == {"drafted": 1, "discarded": 1}


async def test_it_says_for_whom_and_from_what(http: httpx.AsyncClient):
    item = (await http.get(ONE, headers=by(OWN))).json()
    assert item["municipality"] == {"id": "74-a", "name": "А ГО", "oktmo": "75000001"}
    assert item["addressee"] == "Муниципальный орган управления образованием: А ГО"
    assert item["basis"] == {
        "kind": "level_fell",
        "score_revision": 5,
        "period": "2022",
        "group": "overall",
        "before": {"level": "above_average", "percent": 70},
        "after": {"level": "medium", "percent": 50},
    }
    assert (item["state"], item["recovered"], item["steps"]) == ("drafted", None, [])


async def test_readers_see_their_own_and_pages_go_on(http: httpx.AsyncClient):
    first = (await http.get("/v1/recommendations", params={"limit": 1})).json()
    second = (await http.get("/v1/recommendations", params={"limit": 1, "cursor": first["next"]})).json()
    assert [one["municipality"]["id"] for one in (*first["items"], *second["items"])] == ["74-b", "74-a"]
    assert second["next"] is None
    own = (await http.get("/v1/recommendations", headers=by(OWN))).json()["items"]
    assert [one["municipality"]["id"] for one in own] == ["74-a"]
    foreign = await http.get("/v1/recommendations", params={"municipality": "75000001"}, headers=by(FOREIGN))
    assert foreign.status_code == 403
    assert (await http.get(ONE, headers=by(FOREIGN))).status_code == 404
    assert (await http.get("/v1/recommendations", params={"state": "issued"})).json()["items"] == []


async def test_a_municipality_neither_issues_nor_answers_for_another(http: httpx.AsyncClient):
    assert (await step(http, "issue", OWN, {})).status_code == 403
    await step(http, "issue", "ministry", {"text": "Своими словами"})
    foreign = await step(http, "consider", FOREIGN, {"meeting": "Совет", "held_on": "2022-11-01"})
    assert (foreign.status_code, foreign.json()["code"]) == (404, "recommendation-not-found")
    assert (await http.get(ONE)).json()["text"] == "Своими словами"


@pytest.mark.parametrize("who", ["ministry", "regional_operator"])
async def test_nobody_considers_and_answers_for_the_addressee(http: httpx.AsyncClient, who: str):
    await step(http, "issue", who, {})
    met = {"meeting": "Совет", "held_on": "2022-11-01"}
    assert (await step(http, "consider", who, met)).status_code == 403
    assert (await step(http, "consider", OWN, met)).status_code == 200
    for name in ("accept", "decline"):
        assert (await step(http, name, who, {"reason": "нет"})).status_code == 403
    assert (await http.get(ONE)).json()["state"] == "considered"


async def test_each_step_needs_the_revision_read_and_a_repeat_is_answered_the_same(
    http: httpx.AsyncClient, database: Database
):
    assert (await http.post(f"{ONE}/issue", json={}, headers=by("ministry"))).status_code == 428
    headers = by("ministry", '"1"', **{"Idempotency-Key": "k"})
    first = await http.post(f"{ONE}/issue", json={}, headers=headers)
    again = await http.post(f"{ONE}/issue", json={}, headers=headers)
    assert (again.status_code, again.json()) == (200, first.json())
    stale = await step(http, "issue", "ministry", {}, etag='"1"')
    assert (stale.status_code, stale.json()["revision"]) == (412, 2)
    assert await _told(database) == ["drafted", "issued"]


async def test_a_step_with_wrong_data_names_the_place(http: httpx.AsyncClient):
    await step(http, "issue", "ministry", {})
    early = await step(http, "consider", OWN, {"meeting": "Совет", "held_on": "2099-01-01"})
    assert [(one["pointer"], one["code"]) for one in early.json()["errors"]] == [("/held_on", "in-the-future")]
    silent = await step(http, "decline", OWN, {})
    assert [(one["pointer"], one["code"]) for one in silent.json()["errors"]] == [("/reason", "required")]
