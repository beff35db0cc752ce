"""The report of execution over HTTP on a real MongoDB: equal to a recount of activities, adding up, as a table."""

import asyncio
import csv
import io
from collections import Counter
from datetime import date
from typing import Any

import httpx
import pytest

from services.roadmap.usecases import Roadmap
from tests.integration.roadmap.conftest import hear, registered
from tests.integration.roadmap.test_api import OPERATOR, OWN, by, listed, region

__all__ = ["region"]
ON = "2022-11-01"


async def report(http: httpx.AsyncClient, who: str | None = OPERATOR, **query: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {who}" if who else ""}
    answer = await http.get("/v1/reports/execution", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def states(rows: list[dict[str, Any]]) -> Counter[str]:
    return sum((Counter(row["states"]) for row in rows), Counter())


@pytest.fixture
async def carried_out(http: httpx.AsyncClient, region: None) -> None:
    """The own municipality did one thing in time and one late, and takes no part in a third."""
    for number, told in (
        ("4", {"text": "сделано", "done_on": "2022-02-10"}),
        ("5", {"text": "сделано", "done_on": "2022-10-30"}),
    ):
        path = f"/v1/activities/region-2022:{number}/evidence"
        answer = await http.post(path, json={**told, "municipality": "74-a"}, headers=by(OWN, **{"If-Match": '"1"'}))
        assert answer.status_code == 201, answer.text
    path = "/v1/activities/region-2022:8/decline"
    refused = {"reason": "нет участников", "municipality": "74-a", "on": "2022-10-01"}
    answer = await http.post(path, json=refused, headers=by(OWN, **{"If-Match": '"1"'}))
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("on", ["2022-01-15", ON, "2023-01-01", "2024-11-15"])
async def test_it_equals_a_recount_of_the_activities(http: httpx.AsyncClient, carried_out: None, on: str):
    found = await report(http, as_of=on)
    assert [one["municipality"] and one["municipality"]["id"] for one in found["municipalities"]] == [
        None, "74-a", "74-b"
    ]  # fmt: skip
    for row in found["municipalities"][1:]:
        stands = await listed(http, municipality=row["municipality"]["id"], on=on)
        assert {state: count for state, count in row["states"].items() if count} == Counter(
            one["state"] for one in stands
        )
        assert row["activities"] == len(stands)
    assert found["activities"] == 24 + 32 + 24
    assert Counter(found["states"]) == states(found["municipalities"]) == states(found["sections"])
    assert found["occurrences"] == sum(one["occurrences"] for one in found["months"])
    due = [one["month"] for one in found["months"]]
    assert due == [*sorted(month for month in due if month), *([None] if None in due else [])]


async def test_one_road_map_alone(http: httpx.AsyncClient, carried_out: None):
    found = await report(http, None, as_of=ON, roadmap="karabash-2022-2024")
    assert [one["municipality"]["id"] for one in found["municipalities"]] == ["74-a"]
    assert found["roadmaps"] == [{"id": "karabash-2022-2024", "title": found["roadmaps"][0]["title"]}]
    assert found["activities"] == 8


async def test_who_ended_is_not_counted_after_its_end(http: httpx.AsyncClient, uses: Roadmap, region: None):
    there = registered("74-b", ("Б ГО", "75000002", "2014-01-01"), revision=2)
    ended = there.history[0].model_copy(update={"valid_to": date(2022, 11, 2)})
    await hear(uses, there.model_copy(update={"history": (ended,)}), place=3)
    for on, counted in (("2022-11-01", True), ("2022-11-02", False)):
        found = await report(http, as_of=on)
        assert ("74-b" in {(one["municipality"] or {}).get("id") for one in found["municipalities"]}) is counted


async def test_as_a_table(http: httpx.AsyncClient, carried_out: None):
    answer = await http.get("/v1/reports/execution", params={"as_of": ON}, headers={"Accept": "text/csv"})
    assert answer.headers["content-disposition"] == 'attachment; filename="execution-74-2022-11-01.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    found = await report(http, as_of=ON)
    assert [row["by"] for row in rows] == [
        "total", *["municipality"] * 3, *["section"] * len(found["sections"]), *["month"] * len(found["months"])
    ]  # fmt: skip
    assert rows[0]["counted"] == str(found["activities"])
    assert [rows[2][name] for name in ("id", "name", "oktmo", "declined", "done_late")] == [
        "74-a", "А ГО", "75000001", "1", "1"
    ]  # fmt: skip
    same = {"Accept": "text/csv", "If-None-Match": answer.headers["etag"]}
    assert (await http.get("/v1/reports/execution", params={"as_of": ON}, headers=same)).status_code == 304


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"roadmap": "region-1999"}, (404, "roadmap-not-found")),
        ({"region": "77"}, (404, "region-not-found")),
        ({"as_of": "вчера"}, (422, "invalid-request")),
        ({"on": ON}, (422, "invalid-request")),
        ({"roadmap": "karabash-2022-2024", "region": "24"}, (422, "invalid-request")),
    ],
    ids=["road map", "region", "day", "unknown parameter", "road map of another region"],
)
async def test_what_is_not_there_is_said(
    http: httpx.AsyncClient, region: None, query: dict[str, str], expected: tuple[int, str]
):
    answer = await http.get("/v1/reports/execution", params=query)
    assert (answer.status_code, answer.json()["code"]) == expected, answer.text


async def test_a_region_without_road_maps_has_an_empty_report(http: httpx.AsyncClient, region: None):
    found = await report(http, region="24")
    assert (found["activities"], found["municipalities"], found["months"]) == (0, [], [])


@pytest.mark.parametrize("path", ["/v1/reports/execution", "/v1/activities"])
async def test_a_crowd_without_a_token_is_told_to_come_later_and_keeps_no_staff_waiting(
    http: httpx.AsyncClient, region: None, path: str
):
    crowd = [http.get(path, headers=by(None, Authorization="")) for _ in range(12)]
    *answers, ours = await asyncio.gather(*crowd, http.get(path))
    assert {one.status_code for one in answers} == {200, 503}
    assert {one.headers["retry-after"] for one in answers if one.status_code == 503} == {"5"}
    assert ours.status_code == 200
