"""A database of notification, and the whole service behind a real server."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import uvicorn
from fastapi import FastAPI

from services.notification.app import create
from services.notification.store import SCHEMAS, ComingStore, FeedStore, InboxStore
from services.notification.usecases import Notification
from shared.mongo import Database, Mongo
from shared.policy import Actor
from shared.settings import Settings
from shared.testing import eventually
from tests.prepared import Prepared, prepare
from tests.tokens import PlainTokens

ACTORS = {
    "ministry": Actor("ministry", "ministry-1"),
    "a": Actor("municipality", "of-a", {"municipality": "a"}),
    "b": Actor("municipality", "of-b", {"municipality": "b"}),
    "expert": Actor("expert", "expert-1", {"expert": "e"}),
    "system": Actor("system", "system-1", {"client": "demo"}, frozenset({"ratings:read"}), "demo"),
    "powerless": Actor("system", "system-1", {"client": "demo"}, frozenset(), "demo"),
}


@dataclass(frozen=True, slots=True)
class Live:
    """The service as it runs: its address, its use cases, the application."""

    url: str
    uses: Notification
    app: FastAPI


@pytest.fixture
async def database(prepared: Prepared) -> Database:
    """An empty database of this service."""
    return await prepared(SCHEMAS)


@pytest.fixture
async def uses(database: Database) -> Notification:
    """The use cases on an empty database with its indexes and validators."""
    return Notification(FeedStore(database), InboxStore(database), ComingStore(database), clock=database.mongo.clock)


@pytest.fixture
async def own_database(mongo: Mongo) -> Database:
    """The database that the service itself uses, empty; written to here as another process would."""
    found = mongo.database("notification", SCHEMAS)
    await prepare(found, SCHEMAS)
    return found


@pytest.fixture
async def live(settings: Settings, own_database: Database) -> AsyncIterator[Live]:
    """The service, as a process that answers requests, behind uvicorn."""
    app = create(settings.model_copy(update={"role": "api"}))
    app.state.tokens = PlainTokens(ACTORS.get)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=5))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        await eventually(lambda: server.started or serving.done(), what="the server listens")
        yield Live(f"http://127.0.0.1:{listening.getsockname()[1]}", app.state.uses, app)
        app.state.platform.draining.set()
        server.should_exit = True
        await serving
