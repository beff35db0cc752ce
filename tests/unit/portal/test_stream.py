"""The stream on its way through the portal: by whose right, from which place on, and how it ends."""

import asyncio
from collections.abc import AsyncIterator

import httpx

from services.portal.pages.stream import _passed
from tests.unit.portal.conftest import Stage

EVENTS = b"id: 7\nevent: rating_changed\ndata: {}\n\n"


async def test_the_stream_goes_on_behind_the_last_id_with_the_visitors_token(stage: Stage):
    stage.answers = lambda _: httpx.Response(200, stream=_Once(), headers={"content-type": "text/event-stream"})
    token = stage.token("ministry")
    async with stage.browser(headers={"Authorization": token, "Accept": "text/event-stream"}) as browser:
        by_header = await browser.get("/stream?last_event_id=3", headers={"Last-Event-ID": "6"})
        await browser.get("/stream?last_event_id=5")
        await browser.get("/stream")

    assert by_header.content == EVENTS
    assert by_header.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert by_header.headers["cache-control"] == "no-store"
    assert [one.headers.get("last-event-id") for one in stage.asked] == ["6", "5", None]
    assert {one.headers["authorization"] for one in stage.asked} == {token}


async def test_who_has_no_stream_gets_none(stage: Stage):
    async with stage.browser(headers={"Accept": "text/event-stream"}) as browser:
        public = await browser.get("/stream")
        expert = await browser.get("/stream", headers={"Authorization": stage.token("expert:e1")})
    assert (public.status_code, expert.status_code, stage.asked) == (401, 403, [])


async def test_a_refusal_and_an_absence_of_the_service_are_told(stage: Stage):
    headers = {"Authorization": stage.token("ministry"), "Accept": "text/event-stream"}
    async with stage.browser(headers=headers) as browser:
        stage.answers = lambda _: httpx.Response(400, json={"code": "invalid-event-id"})
        refused = await browser.get("/stream?last_event_id=x")

        def away(_: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("away")

        stage.answers = away
        gone = await browser.get("/stream")
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid-event-id")
    assert (gone.status_code, gone.headers["retry-after"]) == (503, "2")


class _Once(httpx.AsyncByteStream):
    """An upstream that says one thing and ends."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield EVENTS


class _Endless(httpx.AsyncByteStream):
    """An upstream that says one thing and then nothing until it is closed."""

    def __init__(self) -> None:
        self.closed = asyncio.Event()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield EVENTS
        await self.closed.wait()
        raise httpx.ReadError("closed")

    async def aclose(self) -> None:
        self.closed.set()


async def test_the_upstream_is_left_when_only_the_headers_were_asked_for(stage: Stage):
    source = _Endless()
    stage.answers = lambda _: httpx.Response(200, stream=source, headers={"content-type": "text/event-stream"})
    headers = {"Authorization": stage.token("ministry"), "Accept": "text/event-stream"}
    async with stage.browser(headers=headers) as browser:
        heads = await browser.head("/stream")
    assert (heads.status_code, heads.content, source.closed.is_set()) == (200, b"", True)


async def test_a_stream_ends_when_the_process_is_told_to_stop():
    from contextlib import AsyncExitStack

    source, draining = _Endless(), asyncio.Event()
    passed = _passed(AsyncExitStack(), httpx.Response(200, stream=source), draining)
    assert await anext(passed) == EVENTS
    draining.set()
    async with asyncio.timeout(2):
        assert [chunk async for chunk in passed] == []
    assert source.closed.is_set()
