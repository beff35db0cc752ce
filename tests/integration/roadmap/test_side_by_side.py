"""A road map is changed and an activity of it reported at once: one of them is decided over what the other kept."""

import asyncio
import json
from typing import Any

import httpx

from shared.mongo import Database
from tests.integration.roadmap.test_api import OPERATOR, OWN, by, put

ROUNDS = 50
EVIDENCE = {"text": "Семинар прошёл", "done_on": "2022-05-20"}
MAY = {"start": "2022-05-01", "end": "2022-05-31"}
MOVED = {"start": "2022-06-01", "end": "2022-06-30"}


def body(title: str, *windows: dict[str, str]) -> dict[str, Any]:
    deadline = {"phrase": "по плану", "kinds": ["month_window"], "windows": list(windows)}
    task = {"number": "1", "section": "I", "title": title, "deadline": deadline}
    return {"title": "Карта", "region": "74", "start": "2022-01-01", "end": "2022-12-31", "activities": [task]}


async def at_once(http: httpx.AsyncClient, key: str, changed: dict[str, Any]) -> tuple[int, int]:
    """How both were answered: the map over its first revision, evidence over the first of its activity."""
    await put(http, key, body("Провести семинар", MAY))
    first = {"If-Match": '"1"'}
    answers = await asyncio.gather(
        put(http, key, changed, **first),
        http.post(f"/v1/activities/{key}:1/evidence", json=EVIDENCE, headers=by(OWN, **first)),
    )
    return answers[0].status_code, answers[1].status_code


async def test_evidence_never_comes_to_belong_to_another_activity(http: httpx.AsyncClient):
    found = {await at_once(http, f"map-{n}", body("Закупить учебники", MOVED)) for n in range(ROUNDS)}
    assert found <= {(200, 412), (422, 201)}


async def test_what_is_told_as_left_is_what_is_left(http: httpx.AsyncClient, database: Database):
    found = set[tuple[str, str | None]]()
    for number in range(ROUNDS):
        key = f"map-{number}"
        await at_once(http, key, body("Провести семинар", MAY, MOVED))
        shown = (await http.get(f"/v1/activities/{key}:1?municipality=74-a", headers=by(OPERATOR))).json()
        found.add((shown["due"], await told(database, key)))
    assert found <= {("2022-05-31", None), ("2022-06-30", "2022-06-30")}


async def told(database: Database, key: str) -> str | None:
    """The deadlines that were told last as left to the municipality; None where nothing was."""
    rows = await database.find("outbox", {"key": f"{key}:1|74-a".encode()}, sort=[("_id.s", 1)])
    return ",".join(one["end"] for one in json.loads(rows[-1]["value"])["left"]) if rows else None
