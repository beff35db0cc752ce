"""Following what changed by `changed_after`: also what is committed after something recorded later was read."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx

from services.monitoring.domain import accept
from services.monitoring.store.documents import result_document
from services.monitoring.usecases.looking import SETTLED
from shared.mongo import Database, Tx
from shared.mongo.client import utc_now
from tests.unit.monitoring.made import body, candidate

BEGIN = "2000-01-01T00:00:00Z"


async def read(http: httpx.AsyncClient, since: str, limit: int = 50) -> tuple[list[str], str]:
    """Every result from there on, and where to go on."""
    params: dict[str, Any] = {"changed_after": since, "limit": limit}
    found: list[str] = []
    told: set[str] = set()
    while True:
        page = (await http.get("/v1/results", params=params)).raise_for_status().json()
        found += [one["id"] for one in page["items"]]
        told.add(page["changed_after"])
        if page["next"] is None:
            [following] = told
            return found, following
        params["cursor"] = page["next"]


async def recorded(http: httpx.AsyncClient, result: str) -> str:
    return str((await http.get(f"/v1/results/{result}")).json()["recorded_at"])


async def test_what_is_committed_behind_something_later_is_not_missed(http: httpx.AsyncClient, database: Database):
    begun, may_end = asyncio.Event(), asyncio.Event()
    late = candidate(period="2020")

    async def slow(tx: Tx) -> None:
        await tx.insert("results", [result_document(accept(late, now=tx.now, by="operator:1"))])
        await tx.find_one("results", {"_id": "nothing"})
        begun.set()
        await may_end.wait()

    earlier = asyncio.create_task(database.transact(slow))
    await begun.wait()
    later = (await http.post("/v1/results", json=body(period="2021"))).json()["id"]
    first, since = await read(http, BEGIN)
    assert first == [later]
    may_end.set()
    await earlier
    assert await recorded(http, late.result) < await recorded(http, later)
    again, _ = await read(http, since)
    assert again == [late.result, later]


async def test_all_pages_go_on_from_where_the_first_began(http: httpx.AsyncClient):
    for year in range(2010, 2015):
        await http.post("/v1/results", json=body(period=str(year)))
    found, since = await read(http, BEGIN, limit=2)
    assert len(found) == 5
    again, _ = await read(http, since)
    assert again == found, "all of the last minute"


async def test_what_is_older_than_a_minute_does_not_come_again(http: httpx.AsyncClient, database: Database):
    old = accept(candidate(), now=utc_now() - SETTLED - timedelta(seconds=1), by="operator:1")

    async def stored(tx: Tx) -> None:
        await tx.insert("results", [result_document(old)])

    await database.transact(stored)
    found, since = await read(http, BEGIN)
    assert found == [old.id]
    assert (await read(http, since))[0] == []
