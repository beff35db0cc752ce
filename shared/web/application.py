"""Makes the HTTP side of a service: the doors it is given, and what every service has."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from fastapi import APIRouter, FastAPI
from starlette.middleware.cors import CORSMiddleware

from shared.auth import Tokens
from shared.kernel import Event
from shared.settings import Settings
from shared.telemetry import metrics
from shared.telemetry.loop import watch_loop
from shared.web.documents import document_routes, openapi_of
from shared.web.edge import Edge
from shared.web.health import Health, health_routes
from shared.web.problems import add_problems
from shared.web.rates import Rates

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
_SENT_BY_PORTALS = [
    *("Authorization", "Content-Type", "If-Match", "If-None-Match", "Idempotency-Key"),
    *("Last-Event-ID", "X-Correlation-Id", "traceparent"),
]
_READ_BY_PORTALS = ["ETag", "Link", "Location", "Retry-After", "X-Correlation-Id", "Deprecation", "Sunset"]


def _watched(lifespan: Lifespan | None) -> Lifespan:
    @asynccontextmanager
    async def lived(app: FastAPI) -> AsyncIterator[None]:
        watch = asyncio.create_task(watch_loop(), name="watch-loop")
        try:
            async with lifespan(app) if lifespan else nullcontext():
                yield
        finally:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)

    return lived


def create_app(
    *,
    service: str,
    title: str,
    settings: Settings,
    tokens: Tokens,
    health: Health,
    routers: Sequence[APIRouter] = (),
    lifespan: Lifespan | None = None,
    told: Sequence[type[Event]] = (),
    heard: Sequence[type[Event]] = (),
    description: str = "",
) -> FastAPI:
    """The application of one service; its doors are left out where the process only works."""
    app = FastAPI(
        title=title,
        description=description,
        version="1.0.0",
        lifespan=_watched(lifespan),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.state.service, app.state.settings, app.state.tokens, app.state.health = service, settings, tokens, health
    add_problems(app)
    rates = Rates(settings.rate) if settings.rate else None
    secure = (settings.public_url or "").startswith("https:")
    app.add_middleware(Edge, service=service, tokens=tokens, rates=rates, secure=secure)
    _allow_portals(app, settings)
    _open_doors(app, [*(routers if settings.serves else ()), health_routes(health)])
    _open_doors(app, [document_routes(app, told=told, heard=heard)])
    _check_names(app)
    app.openapi = lambda: openapi_of(app)  # type: ignore[method-assign] # FastAPI's own way to extend it
    metrics.tell_build(service=service, instance=settings.instance or f"{service}-1")
    return app


def _open_doors(app: FastAPI, routers: Sequence[APIRouter]) -> None:
    """Take the routes as they are; an included router would cost 8 microseconds a request."""
    for one in routers:
        app.router.routes.extend(one.routes)


def _allow_portals(app: FastAPI, settings: Settings) -> None:
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.cors_origins),
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=_SENT_BY_PORTALS,
            expose_headers=_READ_BY_PORTALS,
        )


def _check_names(app: FastAPI) -> None:
    names: set[str] = set()
    for route in app.routes:
        name = getattr(route, "operation_id", None) or getattr(route, "unique_id", None)
        if name is not None and name in names:
            raise LookupError(f"two operations are called {name}")
        names.add(name or "")
