"""Monitoring on a database of its own, with a small directory and actors of every kind."""

import json
from collections.abc import Sequence
from typing import Any

import httpx

from services.monitoring.store import Store
from services.monitoring.usecases import Monitoring
from shared.batch import Batch
from shared.mongo import Database
from shared.mongo.client import new_id, utc_now
from shared.policy import Actor
from tests.unit.monitoring.made import SOURCES, TROITSK, ZLATOUST, body, directory, procedure

SCOPES = frozenset({"results:write", "results:read", "events:write"})


def client(name: str, scopes: frozenset[str] = SCOPES) -> Actor:
    return Actor(role="system", subject=name, client_id=name, attributes={"client": name}, scopes=scopes)


ACTORS = {
    "operator": Actor(role="regional_operator", subject="operator"),
    "ministry": Actor(role="ministry", subject="ministry"),
    "zlatoust": Actor(role="municipality", subject="zlatoust", attributes={"municipality": ZLATOUST.id}),
    "troitsk": Actor(role="municipality", subject="troitsk", attributes={"municipality": TROITSK.id}),
    "school": Actor(role="organization", subject="school", attributes={"organization": "school-1"}),
    "expert": Actor(role="expert", subject="expert", attributes={"expert": "e"}),
    "gis": client("gis-education"),
    "narrow": client("narrow"),
    "foreign writer": client("narrow", frozenset({"results:write"})),
    "powerless": client("gis-education", frozenset()),
}


def told_batch(heard: Sequence[Any] = ()) -> Batch[Any]:
    return Batch(group="monitoring", dlq="monitoring.dlq", heard=heard)


async def monitoring(database: Database) -> Monitoring:
    """The use cases of one process."""
    uses = Monitoring(Store(database), clock=utc_now, ids=new_id)
    await uses.directing.load()
    return uses


async def seed(uses: Monitoring, cause: Any) -> None:
    """Two procedures, three sources, two municipalities, two schools."""
    for one in (procedure(), procedure(key="niko", code=11, subject="municipality")):
        await uses.directing.describe(one, cause=cause)
    schools = list(directory().organizations.values())
    await uses.directing.territory_told(told_batch(), [ZLATOUST, TROITSK], schools)
    for named in SOURCES:
        await uses.directing.register(named, today=uses.today())


async def told(database: Database, kind: str = "result") -> list[tuple[str, dict[str, Any]]]:
    """What was told of results (or procedures): the participle and the payload, in order per key."""
    rows = await database.find("outbox", {"topic": f"monitoring.{kind}.v1"}, sort=[("_id", 1)])
    return [(row["headers"]["ce_type"].split(".")[-2], json.loads(row["value"])) for row in rows]


def by(name: str, **headers: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {name}", **{key.replace("_", "-"): value for key, value in headers.items()}}


async def posted(http: httpx.AsyncClient, **more: Any) -> str:
    answer = await http.post("/v1/results", json=body(**more))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])
