"""Scoring processes over one database: each with its own connection and its own copy in memory."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from joserfc.jwk import ECKey

from deploy.local import Settings as LocalSettings
from services.scoring.app import create
from services.scoring.domain.publication.passport import Publisher
from services.scoring.store import SCHEMAS, Signer, Store
from services.scoring.usecases import Publishing, Scoring
from shared.mongo import Database, Mongo
from shared.policy import Actor
from shared.settings import Settings
from shared.testing import FrozenClock
from tests.contracts.answers import judged
from tests.prepared import Prepared
from tests.tokens import PlainTokens
from tests.unit.scoring.made import DOCUMENT

ACTORS = {
    "ministry": Actor("ministry", "ministry"),
    "operator": Actor("regional_operator", "operator"),
    "m1": Actor("municipality", "of-m1", {"municipality": "m1"}),
    "m2": Actor("municipality", "of-m2", {"municipality": "m2"}),
    "expert": Actor("expert", "expert", {"expert": "e1"}),
    "s1": Actor("organization", "of-s1", {"organization": "s1"}),
    "s2": Actor("organization", "of-s2", {"organization": "s2"}),
    "system": Actor("system", "gis", {"client": "gis"}, frozenset({"ratings:read", "results:read"}), client_id="gis"),
    "rater": Actor("system", "site", {"client": "site"}, frozenset({"ratings:read"}), client_id="site"),
}
KEY = ECKey.generate_key("P-256").as_pem(private=True).decode()
PUBLISHER = Publisher(owner="Министерство", responsible="Оператор", licence="CC BY 4.0")
PUBLISHING = Publishing(Signer(KEY), PUBLISHER)
NewWorker = Callable[..., Scoring]


@pytest.fixture
async def empty(prepared: Prepared) -> Database:
    """An empty database of scoring."""
    return await prepared(SCHEMAS)


@pytest.fixture
def clock() -> FrozenClock:
    """The clock of every process."""
    return FrozenClock()


@pytest.fixture
def home() -> str:
    """The home region: the ids of most tests name none."""
    return ""


@pytest.fixture
async def new_worker(empty: Database, stores: LocalSettings, clock: FrozenClock, home: str) -> AsyncIterator[NewWorker]:
    """Makes further processes of the service on the same database."""
    connections: list[Mongo] = []

    def make(publishing: Publishing = PUBLISHING) -> Scoring:
        connections.append(Mongo(stores.mongo_uri, by=f"worker-{len(connections)}", clock=clock))
        database = connections[-1].database(empty.name, SCHEMAS)
        return Scoring(Store(database, home=home), clock=clock, publishing=publishing)

    yield make
    for connection in connections:
        connection.close()


@pytest.fixture
async def scoring(new_worker: NewWorker) -> Scoring:
    """A process that has loaded the small methodology."""
    worker = new_worker()
    await worker.start()
    await worker.methodologies.put("small", DOCUMENT)
    return worker


@pytest.fixture
async def following(scoring: Scoring, new_worker: NewWorker) -> AsyncIterator[Scoring]:
    """A second process that follows what the first one writes."""
    worker = new_worker()
    await worker.start()

    async def settle() -> None:
        while True:
            await worker.state.settle()
            await asyncio.sleep(0.01)

    works = (worker.state.follow_cards(), worker.settling.follow(), settle())
    tasks = [asyncio.ensure_future(work) for work in works]
    yield worker
    for task in tasks:
        task.cancel()
    # All of them: who still writes would write into the database of the next test.
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    assert [one for one in ended if not isinstance(one, asyncio.CancelledError)] == []


@asynccontextmanager
async def door_of(worker: Scoring, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The API of one process, asked by the ministry."""
    app = create(settings)
    app.state.uses, app.state.tokens = worker, PlainTokens(ACTORS.get)
    transport = httpx.ASGITransport(app)
    headers = {"Authorization": "Bearer ministry"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://scoring", headers=headers, event_hooks=judged(app)
    ) as client:
        yield client
    app.state.platform.mongo.close()


@pytest.fixture
async def http(scoring: Scoring, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with door_of(scoring, settings) as client:
        yield client
