"""Monitoring by use cases and over HTTP in process, on a real MongoDB."""

from collections.abc import AsyncIterator

import httpx
import pytest

from services.monitoring.app import create
from services.monitoring.store import SCHEMAS
from services.monitoring.usecases import Monitoring
from shared.kernel import Cause
from shared.mongo import Database
from shared.settings import Settings
from tests.contracts.answers import judged
from tests.integration.monitoring.made import ACTORS, monitoring, seed
from tests.prepared import Prepared
from tests.tokens import PlainTokens


@pytest.fixture
async def database(prepared: Prepared) -> Database:
    """An empty database of this service."""
    return await prepared(SCHEMAS)


@pytest.fixture
async def uses(database: Database) -> Monitoring:
    found = await monitoring(database)
    await seed(found, Cause("seed"))
    return found


@pytest.fixture
async def http(uses: Monitoring, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app = create(settings)
    app.state.uses, app.state.tokens = uses, PlainTokens(ACTORS.get)
    transport = httpx.ASGITransport(app)
    headers = {"Authorization": "Bearer operator"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://monitoring", headers=headers, event_hooks=judged(app)
    ) as found:
        yield found
    app.state.platform.mongo.close()
