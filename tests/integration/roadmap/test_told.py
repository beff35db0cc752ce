"""Activities and what is left of them are told in the transaction that keeps them; older ones once, at a start."""

import json
from typing import Any

import httpx
import pytest

from services.roadmap.usecases import Roadmap
from shared.mongo import Database, DeleteMany, UpdateMany
from tests.integration.roadmap.test_api import OPERATOR, OWN, by, put
from tests.plans import looking

REGION = {"title": "Карта", "region": "74", "start": "2022-01-01", "end": "2022-12-31"}
MAY = {"start": "2022-05-01", "end": "2022-05-31"}
JUNE = {"start": "2022-06-01", "end": "2022-06-30"}


def task(number: str, *windows: dict[str, str]) -> dict[str, Any]:
    deadline = {"phrase": "по плану", "kinds": ["month_window"], "windows": list(windows)}
    return {"number": number, "section": "I", "title": f"Дело {number}", "deadline": deadline}


async def told(database: Database) -> list[str]:
    """What lies in the outbox: what it is about, and the windows that are told; taken out of there."""
    rows = await database.find("outbox", {}, sort=[("_id.k", 1), ("_id.s", 1)])
    await database.write("outbox", [DeleteMany({})])
    found = []
    for row in rows:
        value, kind = json.loads(row["value"]), row["headers"]["ce_type"].split(".")[-2]
        windows = value["windows"] if kind == "planned" else value["left"]
        days = ",".join(one["end"] for one in windows) or "-"
        found.append(f"{kind} {row['key'].decode()} {days}{' cancelled' if value.get('cancelled') else ''}")
    return sorted(found)


async def change(http: httpx.AsyncClient, door: str, body: dict[str, Any], who: str = OWN) -> None:
    path = "/v1/activities/region-2022:1"
    read = await http.get(path, headers=by(who), params={"municipality": "74-a"})
    sent = await http.post(f"{path}/{door}", json=body, headers=by(who, **{"If-Match": read.headers["etag"]}))
    assert sent.status_code in {200, 201}, sent.text


@pytest.fixture
async def region(http: httpx.AsyncClient, database: Database) -> None:
    """A map with two activities, told."""
    body = {**REGION, "activities": [task("1", MAY, JUNE), task("2", MAY)]}
    assert (await put(http, "region-2022", body)).status_code == 201
    assert await told(database) == [
        "planned region-2022:1 2022-05-31,2022-06-30",
        "planned region-2022:2 2022-05-31",
    ]


async def test_a_map_that_is_put_tells_what_changed_and_nothing_when_it_is_put_again(
    http: httpx.AsyncClient, database: Database, region: None
):
    await put(http, "region-2022", {**REGION, "activities": [task("1", MAY, JUNE), task("2", MAY)]})
    assert await told(database) == []
    await put(http, "region-2022", {**REGION, "activities": [task("1", MAY, JUNE)]}, **{"If-Match": '"1"'})
    assert await told(database) == ["planned region-2022:2 2022-05-31 cancelled"]


async def test_what_a_municipality_did_is_told_as_what_it_has_left(
    http: httpx.AsyncClient, database: Database, region: None
):
    await change(http, "evidence", {"text": "Сделано", "done_on": "2022-05-20", "window": "2022-05-01"})
    assert await told(database) == ["reported region-2022:1|74-a 2022-06-30"]
    await change(http, "evidence/1/withdraw", {"municipality": "74-a", "reason": "Ошибка"}, OPERATOR)
    assert await told(database) == ["reported region-2022:1|74-a 2022-05-31,2022-06-30"]
    await change(http, "decline", {"reason": "Нет участников"})
    assert await told(database) == ["reported region-2022:1|74-a -"]


async def test_who_has_reported_is_told_of_again_when_the_windows_change(
    http: httpx.AsyncClient, database: Database, region: None
):
    await change(http, "evidence", {"text": "Сделано", "done_on": "2022-05-20", "window": "2022-05-01"})
    await told(database)
    await put(http, "region-2022", {**REGION, "activities": [task("1", MAY), task("2", MAY)]}, **{"If-Match": '"1"'})
    assert await told(database) == ["planned region-2022:1 2022-05-31", "reported region-2022:1|74-a -"]


async def test_what_was_kept_before_activities_were_told_is_told_once(
    http: httpx.AsyncClient, uses: Roadmap, database: Database, region: None
):
    await change(http, "decline", {"reason": "Нет участников"})
    await told(database)
    await database.write("activities", [UpdateMany({}, {"$unset": {"told": ""}})])
    await uses.planning.tell_untold()
    assert await told(database) == [
        "planned region-2022:1 2022-05-31,2022-06-30",
        "planned region-2022:2 2022-05-31",
        "reported region-2022:1|74-a -",
    ]
    await uses.planning.tell_untold()
    assert await told(database) == []


async def test_what_was_reported_to_a_process_that_does_not_tell_is_told_by_one_that_does(
    http: httpx.AsyncClient, uses: Roadmap, database: Database, region: None
):
    await change(http, "evidence", {"text": "Сделано", "done_on": "2022-05-20", "window": "2022-05-01"})
    await told(database)
    await uses.planning.tell_untold()
    assert await told(database) == []
    await database.write("executions", [UpdateMany({}, {"$unset": {"told": ""}})])
    await uses.planning.tell_untold()
    assert await told(database) == ["reported region-2022:1|74-a 2022-06-30"]
    async with looking(database) as looks:
        await uses.planning.tell_untold()
    assert await told(database) == []
    assert {one.documents for one in (*looks.of("activities"), *looks.of("executions"))} == {0}, "all is told"
