"""The live stream door: `GET /v1/stream`, server-sent events that can be resumed."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Header, Query, Request, Response
from starlette.types import Receive, Scope, Send

from services.notification.api.access import Municipality, narrowed, uses_of
from services.notification.api.frames import RETRY, frame
from services.notification.api.hub import DRAINING, Connection, Hub
from services.notification.usecases import Notification
from services.notification.usecases.metrics import DELIVERIES, STREAM_SECONDS
from shared.kernel import Malformed, Unavailable
from shared.policy import Actor
from shared.telemetry import log
from shared.web import may, router

HEARTBEAT_SECONDS = 15.0
STALLED_SECONDS = 30.0
LONGEST_SECONDS = 3600.0
_DIGITS_MOST = 15
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]

router_of_stream = router(tag="Живая лента")


class EventStream(Response):
    """An answer that lasts until its reader leaves, falls behind, or its token or the process ends."""

    media_type = "text/event-stream"

    def __init__(self, hub: Hub, connection: Connection, *, expires: float) -> None:
        super().__init__()
        self._hub = hub
        self._connection = connection
        self._expires = expires

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope
        gone = asyncio.create_task(self._until_gone(receive), name="stream-gone")
        try:
            await send({"type": "http.response.start", "status": 200, "headers": list(_HEADERS)})
            async for chunk in self._chunks():
                async with asyncio.timeout(STALLED_SECONDS):
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except (TimeoutError, OSError):
            log.info("stream.lost")
        finally:
            gone.cancel()
            self._hub.close(self._connection)

    async def _until_gone(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            continue
        self._connection.close("gone")

    async def _chunks(self) -> AsyncIterator[bytes]:
        ends = time.monotonic() + min(LONGEST_SECONDS, self._expires - time.time())
        yield self._greeting()
        with contextlib.suppress(Unavailable):
            while frames := await self._hub.missed(self._connection):
                DELIVERIES.labels("stream", "resumed").inc(len(frames))
                yield b"".join(frames)
            async for chunk in self._live(ends):
                yield chunk

    def _greeting(self) -> bytes:
        """Where this stream begins: an id to resume behind, even if nothing ever comes."""
        connection = self._connection
        begin = connection.missed[0] if connection.missed else connection.floor
        if connection.reset is None:
            return RETRY + _heartbeat(begin)
        DELIVERIES.labels("stream", "reset").inc()
        return RETRY + frame("reset", {"reason": connection.reset}, number=begin)

    async def _live(self, ends: float) -> AsyncIterator[bytes]:
        connection = self._connection
        while (left := ends - time.monotonic()) > 0:
            taken = await connection.take(min(HEARTBEAT_SECONDS, left))
            if taken:
                yield b"".join(chunk for chunk, _ in taken)
                _measure([at for _, at in taken])
            elif connection.closed:
                if connection.closed not in {DRAINING, "gone"}:
                    DELIVERIES.labels("stream", "slow").inc()
                    yield frame("reset", {"reason": connection.closed})
                return
            else:
                yield _heartbeat(self._hub.reached(connection))


def _heartbeat(number: int) -> bytes:
    return frame("heartbeat", {"at": datetime.now(UTC).isoformat()}, number=number)


def _measure(created: list[datetime]) -> None:
    now = datetime.now(UTC)
    for at in created:
        STREAM_SECONDS.observe(max(0.0, (now - at).total_seconds()))
    DELIVERIES.labels("stream", "sent").inc(len(created))


def _last(header: str | None, query: str | None) -> int | None:
    """The id to resume behind; a browser's own header counts before the address it was opened with."""
    text = header or query
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > _DIGITS_MOST:
        detail = "Last-Event-ID — это номер (id) последнего полученного события. Без него лента начнётся с новых."
        raise Malformed("invalid-event-id", "Номер события не узнан", detail)
    return int(text)


@router_of_stream.get(
    "/v1/stream",
    operation_id="stream",
    summary="Живая лента изменений (SSE)",
    response_class=Response,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def stream(
    request: Request,
    actor: Annotated[Actor, Depends(may("stream.read"))],
    uses: Annotated[Notification, Depends(uses_of)],
    *,
    municipality: Municipality = None,
    last_event_id: Annotated[
        str | None, Header(description="id последнего полученного события: лента продолжится за ним")
    ] = None,
    resume: Annotated[
        str | None, Query(alias="last_event_id", description="то же, где заголовок передать нельзя")
    ] = None,
) -> Response:
    """Изменения оценок своей территории и рейтингов; без id — только новые.

    События: `score_changed` и шаги публикации (как в /v1/inbox), `rating_changed`, `heartbeat` каждые 15 с, `reset`
    с причиной. Соединение закрывается через час или вместе с токеном: откройте его снова за последним id.
    """
    scope = await narrowed(uses, actor, "stream.read", municipality)
    hub: Hub = request.app.state.hub
    connection = await hub.open(scope, _last(last_event_id, resume), reader=actor.subject)
    return EventStream(hub, connection, expires=actor.expires)
