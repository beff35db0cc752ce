"""A registry on a database of its own, by use cases and over HTTP in process."""

from collections.abc import AsyncIterator

import httpx
import pytest

from services.registry.app import create
from services.registry.store import SCHEMAS, Store
from services.registry.usecases import Registry
from shared.mongo import Database
from shared.policy import Actor
from shared.settings import Settings
from shared.testing import FrozenClock
from tests.contracts.answers import judged
from tests.prepared import Prepared
from tests.tokens import PlainTokens


def named(role: str) -> Actor | None:
    """The actor of a role; nobody believes a forged token."""
    return Actor(role=role, subject=role) if role != "forged" else None


@pytest.fixture
async def database(prepared: Prepared) -> Database:
    """An empty database of this service."""
    return await prepared(SCHEMAS)


@pytest.fixture
async def registry(database: Database) -> Registry:
    return Registry(Store(database), clock=FrozenClock())


@pytest.fixture
async def http(registry: Registry, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app = create(settings)
    app.state.uses, app.state.tokens = registry, PlainTokens(named)
    transport = httpx.ASGITransport(app)
    headers = {"Authorization": "Bearer ministry"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://registry", headers=headers, event_hooks=judged(app)
    ) as client:
        yield client
    app.state.platform.mongo.close()
