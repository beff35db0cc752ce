"""Who changed what in the registry, and what it was before: told to operators by every service's own door."""

from collections.abc import AsyncIterator

import httpx
import pytest

from services.registry.app import create
from services.registry.store import SCHEMAS, Store
from services.registry.usecases import Registry
from shared.mongo import Database, Mongo
from shared.settings import Settings
from shared.testing import FrozenClock
from tests.contracts.answers import judged
from tests.integration.registry.conftest import named
from tests.integration.registry.test_api import load, unit
from tests.tokens import PlainTokens

JOURNAL = "/v1/operations/journal"


@pytest.fixture
async def own(mongo: Mongo) -> AsyncIterator[Database]:
    """The database that the operators' doors of the process look into."""
    found = mongo.database("registry", SCHEMAS)
    yield found
    await found.drop()


@pytest.fixture
async def door(own: Database, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app = create(settings)
    app.state.uses, app.state.tokens = Registry(Store(own), clock=FrozenClock()), PlainTokens(named)
    headers = {"Authorization": "Bearer ministry", "X-Correlation-ID": "cause-1"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://registry", headers=headers, event_hooks=judged(app)
    ) as client:
        yield client
    app.state.platform.mongo.close()


async def test_who_changed_a_municipality_and_what_it_was_is_read_at_the_door(door: httpx.AsyncClient):
    await load(door, unit())
    await load(door, unit())
    changed = {"items": [unit(name="Другой округ", revision=1)]}
    by = {"Authorization": "Bearer regional_operator"}
    await door.post("/v1/municipalities/import", params={"correction": "true"}, json=changed, headers=by)
    last, first = (await door.get(JOURNAL, params={"of": "municipalities", "key": "74-m1"})).json()["items"]
    assert (first["role"], first["account"], first["action"]) == ("ministry", "ministry", "municipality.import")
    assert (first["before"], first["correlation"]) == (None, "cause-1")
    assert (last["account"], last["before"]["revision"]) == ("regional_operator", 1)
    assert last["before"]["history"][0]["name"] == "Округ"
    assert not last["before"].keys() & {"_id", "v"}


async def test_each_of_an_import_is_kept_as_it_was_itself_at_the_moment_of_the_change(
    door: httpx.AsyncClient, own: Database
):
    both = [unit(id=f"74-m{n}", oktmo=f"7500000{n}", name=f"Округ {n}") for n in (1, 2)]
    await load(door, *both)
    changed = {"items": [one | {"name": "Иначе", "revision": 1} for one in both]}
    await door.post("/v1/municipalities/import", params={"correction": "true"}, json=changed)
    lines = await own.find("journal", {"before": {"$ne": None}}, sort=[("key", 1)])
    assert [one["before"]["history"][0]["name"] for one in lines] == ["Округ 1", "Округ 2"]
    assert [one["at"] for one in lines] == [one["at"] for one in await own.find("municipalities", {})]


async def test_the_journal_is_read_by_pages_and_by_operators_only(door: httpx.AsyncClient):
    await load(door, *[unit(id=f"74-m{n}", oktmo=f"7500000{n}") for n in (1, 2, 3)])
    keys: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        told = (await door.get(JOURNAL, params={"limit": 1, **cursor})).json()
        keys += [one["key"] for one in told["items"]]
        if told["next"] is None:
            break
        cursor = {"cursor": told["next"]}
    assert sorted(keys) == ["74-m1", "74-m2", "74-m3"]
    one = (await door.get(JOURNAL, params={"key": "74-m2", "limit": 1})).json()
    assert ([line["key"] for line in one["items"]], one["next"]) == (["74-m2"], None)
    assert (await door.get(JOURNAL, params={"of": "organizations"})).json()["items"] == []
    refused = await door.get(JOURNAL, headers={"Authorization": "Bearer municipality"})
    assert refused.status_code == 403
