"""How lists of results are found: by what is asked for, never by walking the rest."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from shared.mongo import Database
from tests.integration.monitoring.made import posted
from tests.unit.monitoring.made import TROITSK, body


@pytest.fixture
async def profile(database: Database) -> AsyncIterator[Any]:
    """What MongoDB notes of each of its operations."""
    await database._db.command("profile", 2)
    yield database._db["system.profile"]
    await database._db.command("profile", 0)
    await database._db["system.profile"].drop()


@pytest.mark.parametrize("asked", ["procedure=niko", "procedure=niko&period=2022", f"municipality={TROITSK.id}"])
async def test_a_list_looks_at_nothing_but_its_own_results(http: httpx.AsyncClient, profile: Any, asked: str):
    others = [body(period=str(year)) for year in range(2006, 2026)]
    assert (await http.post("/v1/results/batch", json={"items": others})).json()["counts"]["accepted"] == len(others)
    await posted(http, procedure="niko", subject={"municipality": TROITSK.id})

    answer = await http.get(f"/v1/results?{asked}")

    [query] = await profile.find({"op": "query", "command.find": "results", "command.limit": {"$gt": 1}}).to_list()
    assert (len(answer.json()["items"]), query["docsExamined"]) == (1, 1)
