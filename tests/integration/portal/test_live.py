"""The portal's stream over real sockets: passed on at once, let go of when the browser leaves, ended on a stop."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from services.portal.app import create
from services.portal.clients import services
from shared.policy import Actor
from shared.settings import Settings
from shared.testing import eventually
from tests.tokens import PlainTokens

EVENT = b"id: 1\nevent: rating_changed\ndata: {}\n\n"
STAFF = {"Authorization": "Bearer ministry"}


@dataclass
class Upstream:
    """A stream that says something when it is told to, and counts who listens."""

    listeners: int = 0
    told: asyncio.Condition = field(default_factory=asyncio.Condition)
    closing: bool = False

    async def tell(self) -> None:
        async with self.told:
            self.told.notify_all()

    async def events(self) -> AsyncIterator[bytes]:
        self.listeners += 1
        try:
            yield b"retry: 1000\n\n"
            while True:
                async with self.told:
                    await self.told.wait()
                if self.closing:
                    return
                yield EVENT
        finally:
            self.listeners -= 1

    def app(self) -> Starlette:
        async def stream(_: Request) -> StreamingResponse:
            return StreamingResponse(self.events(), media_type="text/event-stream")

        return Starlette(routes=[Route("/v1/stream", stream)])


@asynccontextmanager
async def served(app: Starlette | FastAPI) -> AsyncIterator[tuple[str, uvicorn.Server]]:
    """An application behind a real server."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=5))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        await eventually(lambda: server.started or serving.done(), what="the server listens")
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}", server
        finally:
            server.should_exit = True
            await serving


@dataclass
class Stand:
    upstream: Upstream
    portal: FastAPI
    server: uvicorn.Server
    address: str


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    """The portal before an upstream of our own."""
    upstream = Upstream()
    async with served(upstream.app()) as (behind, _):
        portal = create(Settings(env="local", services=(f"notification={behind}",)))
        portal.state.tokens = PlainTokens(lambda _: Actor("ministry", "ministry-1"))
        async with served(portal) as (address, server):
            yield Stand(upstream, portal, server, address)
            upstream.closing = True
            await upstream.tell()


@asynccontextmanager
async def listening(stand: Stand) -> AsyncIterator[AsyncIterator[bytes]]:
    async with (
        httpx.AsyncClient(timeout=10, trust_env=False) as client,
        client.stream("GET", f"{stand.address}/stream", headers=STAFF) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        chunks = answer.aiter_raw()
        assert (await anext(chunks)).startswith(b"retry")
        yield chunks


async def test_an_event_is_passed_on_before_anything_follows_it(stand: Stand):
    async with listening(stand) as chunks:
        await stand.upstream.tell()
        assert await anext(chunks) == EVENT


async def test_a_browser_that_leaves_is_let_go_of_behind_too(stand: Stand, caplog: pytest.LogCaptureFixture):
    async with listening(stand), listening(stand):
        assert stand.upstream.listeners == 2
    await eventually(lambda: _told_until_gone(stand), within=10, what="nobody listens any more")
    assert "never retrieved" not in caplog.text


async def _told_until_gone(stand: Stand) -> bool:
    """A server notices that its reader left when it says something."""
    await stand.upstream.tell()
    return stand.upstream.listeners == 0


async def test_streams_end_when_the_process_is_told_to_stop(stand: Stand):
    async with listening(stand) as chunks:
        began = time.perf_counter()
        stand.portal.state.platform.draining.set()
        rest = [chunk async for chunk in chunks]
        assert rest == []
        assert time.perf_counter() - began < 8
    await eventually(lambda: _told_until_gone(stand), within=10, what="nobody listens any more")


async def test_a_broken_upstream_ends_the_stream_and_the_browser_comes_back(stand: Stand):
    async with listening(stand) as chunks:
        stand.upstream.closing = True
        await stand.upstream.tell()
        assert [chunk async for chunk in chunks] == []


async def test_a_silent_upstream_ends_the_stream_and_the_browser_comes_back(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(services, "SILENCE", 0.5)
    async with listening(stand) as chunks:
        assert [chunk async for chunk in chunks] == []
