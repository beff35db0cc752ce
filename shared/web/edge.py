"""The one ASGI layer around every request: ids, rate, metrics, security headers, and no error without an answer."""

import re
import time
from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils import uuid7

from shared.auth import Tokens
from shared.kernel import Cause, TooMany
from shared.telemetry import continued, log, metrics, set_cause, span
from shared.telemetry.cause import reset_cause
from shared.telemetry.tracing import exporting
from shared.web.problems import broken, problem_of
from shared.web.rates import Rates

PROBES = frozenset({"/livez", "/readyz", "/metrics"})
_SANE = re.compile(r"[A-Za-z0-9._:\-]{1,128}")
_ASKED = frozenset({b"x-correlation-id", b"traceparent", b"authorization"})
_UNMATCHED = "unmatched"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

# A header that a route sets itself stays as it is.
HEADERS: dict[bytes, bytes] = {
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-resource-policy": b"same-site",
    b"cache-control": b"no-store",
}
_CONDITIONAL = frozenset({b"content-security-policy", b"cache-control"})


class _Answer:
    """What is known of one answer while it is sent."""

    __slots__ = ("_always", "_correlation", "_send", "_sometimes", "status", "streams")

    def __init__(self, send: Send, correlation: bytes, headers: tuple[list[Any], list[Any]]) -> None:
        self._send = send
        self._correlation = correlation
        self._always, self._sometimes = headers
        self.status = 0
        self.streams = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            told = list(message.get("headers", ()))
            names = {name for name, _ in told}
            self.streams = (b"content-type", b"text/event-stream; charset=utf-8") in told
            told += self._always
            told += [one for one in self._sometimes if one[0] not in names]
            told.append((b"x-correlation-id", self._correlation))
            message["headers"] = told
        await self._send(message)


class Edge:
    """Gives each request a correlation id and a trace, and tells operators how it went."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        service: str,
        tokens: Tokens,
        rates: Rates | None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._service = service
        self._tokens = tokens
        self._rates = rates
        self._monotonic = monotonic
        self._told: dict[tuple[str, str, int], tuple[Any, Any]] = {}
        always = [pair for pair in HEADERS.items() if pair[0] not in _CONDITIONAL]
        self._headers = (always, [pair for pair in HEADERS.items() if pair[0] in _CONDITIONAL])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = {name: value for name, value in scope["headers"] if name in _ASKED}
        correlation = _correlation_of(asked)
        answer = _Answer(send, correlation.encode(), self._headers)
        started = self._monotonic()
        traceparent = asked[b"traceparent"].decode("latin-1") if b"traceparent" in asked else None
        if exporting():
            with span(f"{scope['method']} {self._service}", traceparent) as ours:
                await self._bound(scope, receive, answer, asked, Cause(correlation, None, ours))
        else:
            await self._bound(scope, receive, answer, asked, Cause(correlation, None, continued(traceparent)))
        self._tell(scope, answer, self._monotonic() - started)

    async def _bound(
        self, scope: Scope, receive: Receive, answer: _Answer, asked: dict[bytes, bytes], cause: Cause
    ) -> None:
        token = set_cause(cause)
        try:
            await self._answered(scope, receive, answer, asked)
        except Exception as error:
            log.exception("a request failed", exc_info=error, method=scope["method"], route=_route_of(scope))
            if answer.status:
                raise  # the answer has begun: the server must break the connection
            await broken(cause.correlation)(scope, receive, answer.send)
        finally:
            reset_cause(token)

    async def _answered(
        self, scope: Scope, receive: Receive, answer: _Answer, asked: dict[bytes, bytes]
    ) -> None:
        wait = self._wait(scope, asked)
        if wait is None:
            await self._app(scope, receive, answer.send)
            return
        metrics.HTTP_LIMITED.labels(self._service).inc()
        seconds = max(1, round(wait))
        detail = f"Повторите запрос через {seconds} с."
        refused = TooMany(
            "too-many-requests", "Слишком много запросов", detail, extra={"retry_after": seconds}
        )
        await problem_of(refused)(scope, receive, answer.send)

    def _wait(self, scope: Scope, asked: dict[bytes, bytes]) -> float | None:
        if self._rates is None or scope["path"] in PROBES:
            return None
        bearer = asked.get(b"authorization")
        actor = self._tokens.known(bearer.decode("latin-1")) if bearer else None
        address = scope["client"][0] if scope.get("client") else ""
        client = (actor.client_id or actor.subject) if actor else address
        return self._rates.take(client, self._monotonic())

    def _tell(self, scope: Scope, answer: _Answer, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        key = (method, _route_of(scope), answer.status)
        told = self._told.get(key)
        if told is None:
            told = self._told[key] = (
                metrics.HTTP_REQUESTS.labels(self._service, method, key[1], str(answer.status)),
                metrics.HTTP_SECONDS.labels(self._service, method, key[1]),
            )
        told[0].inc()
        if not answer.streams:
            told[1].observe(seconds)


def _correlation_of(asked: dict[bytes, bytes]) -> str:
    told = asked.get(b"x-correlation-id")
    if told is not None and _SANE.fullmatch(sane := told.decode("latin-1")):
        return sane
    return str(uuid7())


def _route_of(scope: Scope) -> str:
    route = scope.get("route")
    return getattr(route, "path_format", None) or getattr(route, "path", None) or _UNMATCHED
