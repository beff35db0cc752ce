"""The one ASGI layer around every request: ids, rate, metrics, security headers, an answer to every error."""

import time
from collections.abc import Callable
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils import uuid7

from shared.auth import Tokens
from shared.kernel import Cause, TooMany
from shared.telemetry import entered, log, metrics, sane_correlation, set_cause
from shared.telemetry.cause import reset_cause
from shared.web.heads import settle
from shared.web.problems import broken, problem_of
from shared.web.rates import Rates, client_of

PROBES = frozenset({"/livez", "/readyz", "/metrics"})
_ASKED = frozenset({b"x-correlation-id", b"traceparent", b"authorization"})
_UNMATCHED = "unmatched"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_EVENTS = (b"content-type", b"text/event-stream; charset=utf-8")

Headers = tuple[tuple[bytes, bytes], ...]
ALWAYS: Headers = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)
# Where the platform is reached by https: for a year.
SECURE = ((b"strict-transport-security", b"max-age=31536000"),)
# What a page or a cacheable answer states itself.
UNLESS_SET = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
)


class _Exchange:
    """One request and what is known of its answer while it is sent."""

    __slots__ = ("_always", "_send", "asked", "correlation", "receive", "scope", "status", "streams")

    def __init__(self, scope: Scope, receive: Receive, send: Send, always: Headers) -> None:
        self.scope = scope
        self.receive = receive
        self._send = send
        self._always = always
        self.asked = {name: value for name, value in scope["headers"] if name in _ASKED}
        self.correlation = _correlation_of(self.asked)
        self.status = 0
        self.streams = False

    async def send(self, message: Message) -> None:
        """Pass a message of the answer on, its first one with our headers."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            told = list(message.get("headers", ()))
            names = {name for name, _ in told}
            self.streams = _EVENTS in told
            told += self._always
            told += [one for one in UNLESS_SET if one[0] not in names]
            told.append((b"x-correlation-id", self.correlation.encode()))
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
        secure: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._service = service
        self._tokens = tokens
        self._rates = rates
        self._always = ALWAYS + SECURE if secure else ALWAYS
        self._monotonic = monotonic
        self._told: dict[tuple[str, str, int], tuple[Any, Any]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, receive, send, self._always)
        started = self._monotonic()
        told = exchange.asked.get(b"traceparent")
        traceparent = told.decode("latin-1") if told else None
        await self._bound(exchange, Cause(exchange.correlation, None, entered(traceparent)))
        self._tell(exchange, self._monotonic() - started)

    async def _bound(self, exchange: _Exchange, cause: Cause) -> None:
        token = set_cause(cause)
        try:
            await self._answered(exchange)
        except Exception as error:
            scope = exchange.scope
            log.exception("a request failed", exc_info=error, method=scope["method"], route=_route_of(scope))
            if exchange.status:
                raise  # the answer has begun: the server must break the connection
            await broken(cause.correlation)(scope, exchange.receive, exchange.send)
        finally:
            reset_cause(token)

    async def _answered(self, exchange: _Exchange) -> None:
        refused = settle(exchange.scope) or self._too_many(exchange)
        if refused is not None:
            await problem_of(refused)(exchange.scope, exchange.receive, exchange.send)
        elif exchange.scope["method"] == "HEAD":
            await _heads(self._app, exchange)
        else:
            await self._app(exchange.scope, exchange.receive, exchange.send)

    def _too_many(self, exchange: _Exchange) -> TooMany | None:
        wait = None if self._rates is None else self._wait(self._rates, exchange)
        if wait is None:
            return None
        metrics.HTTP_LIMITED.labels(self._service).inc()
        seconds = max(1, round(wait))
        detail = f"Повторите запрос через {seconds} с."
        return TooMany("too-many-requests", "Слишком много запросов", detail, extra={"retry_after": seconds})

    def _wait(self, rates: Rates, exchange: _Exchange) -> float | None:
        scope, bearer = exchange.scope, exchange.asked.get(b"authorization")
        if scope["path"] in PROBES:
            return None
        actor = self._tokens.known(bearer.decode("latin-1")) if bearer else None
        address = client_of(scope["client"][0]) if scope.get("client") else ""
        # Not by client_id: all who signed in at the portal have the portal's.
        return rates.take(actor.subject if actor else address, self._monotonic())

    def _tell(self, exchange: _Exchange, seconds: float) -> None:
        method = exchange.scope["method"] if exchange.scope["method"] in _METHODS else "OTHER"
        key = (method, _route_of(exchange.scope), exchange.status)
        told = self._told.get(key)
        if told is None:
            told = self._told[key] = (
                metrics.HTTP_REQUESTS.labels(self._service, method, key[1], str(exchange.status)),
                metrics.HTTP_SECONDS.labels(self._service, method, key[1]),
            )
        told[0].inc()
        if not exchange.streams:
            told[1].observe(seconds)


class _BegunEnough(OSError):
    """Ends a live stream of which only the headers were asked for."""


async def _heads(app: ASGIApp, exchange: _Exchange) -> None:
    """Answer HEAD as GET without its body (RFC 9110 §9.3.2)."""
    asked = {**exchange.scope, "method": "GET"}

    async def send(message: Message) -> None:
        if message["type"] != "http.response.body":
            await exchange.send(message)
            return
        more = message.get("more_body", False) and not exchange.streams
        await exchange.send({"type": "http.response.body", "body": b"", "more_body": more})
        if exchange.streams:
            raise _BegunEnough

    try:
        await app(asked, exchange.receive, send)
    except (_BegunEnough, ClientDisconnect):
        if not exchange.streams:
            raise
    finally:
        exchange.scope["route"] = asked.get("route")


def _correlation_of(asked: dict[bytes, bytes]) -> str:
    told = asked.get(b"x-correlation-id")
    return sane_correlation(told.decode("latin-1") if told else None) or str(uuid7())


def _route_of(scope: Scope) -> str:
    route = scope.get("route")
    return getattr(route, "path_format", None) or getattr(route, "path", None) or _UNMATCHED
