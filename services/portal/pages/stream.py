"""The live stream for browsers: notification's own, passed on with the session's token."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from typing import Annotated

import httpx
from fastapi import Depends, Header, Query, Request, Response
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from services.portal.page import Visit
from shared.kernel import Unavailable
from shared.web import may
from shared.web import router as make_router

router = make_router(tag="live")
Number = Annotated[str | None, Query(max_length=20)]


@router.get(
    "/stream",
    dependencies=[Depends(may("stream.read"))],
    operation_id="portal_stream",
    summary="Живая лента для страниц",
    response_class=Response,
)
async def stream(
    request: Request,
    visitor: Visit,
    last_event_id: Number = None,
    again: Annotated[str | None, Header(alias="last-event-id", max_length=20)] = None,
) -> Response:
    """Goes on behind the id last seen: the browser's own header counts before the address."""
    known = again or last_event_id
    stack = AsyncExitStack()
    asked = visitor.portal.services.stream(
        "notification", "/v1/stream", bearer=visitor.bearer, headers={"Last-Event-ID": known} if known else {}
    )
    try:
        upstream = await stack.enter_async_context(asked)
        if upstream.status_code != 200:  # noqa: PLR2004 - anything else is a refusal in the service's own words
            body = await upstream.aread()
            await stack.aclose()
            return Response(body, upstream.status_code, media_type=upstream.headers.get("content-type"))
    except httpx.HTTPError:
        await stack.aclose()
        raise Unavailable("notification", retry_after=2) from None
    draining = request.app.state.platform.draining
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return _Passing(stack, _passed(stack, upstream, draining), headers)


class _Passing(StreamingResponse):
    """Leaves the upstream at its end, also where the browser went, or asked for no more than headers, while we sent."""

    def __init__(self, stack: AsyncExitStack, chunks: AsyncGenerator[bytes], headers: dict[str, str]) -> None:
        super().__init__(chunks, media_type="text/event-stream", headers=headers)
        self._stack = stack
        self._chunks = chunks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._stack, aclosing(self._chunks):
            await super().__call__(scope, receive, send)


async def _passed(stack: AsyncExitStack, upstream: httpx.Response, draining: asyncio.Event) -> AsyncGenerator[bytes]:
    """The upstream's bytes until it ends, breaks, or this process is told to stop."""

    async def stop() -> None:
        await draining.wait()
        await upstream.aclose()

    watch = asyncio.create_task(stop(), name="stream-drain")
    try:
        async for chunk in upstream.aiter_raw():
            yield chunk
    except (httpx.HTTPError, httpx.StreamError):
        return  # the browser comes back by itself, with the last id
    finally:
        watch.cancel()
        await stack.aclose()
