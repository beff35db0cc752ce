"""Whether a process lives, whether it is ready, what it does without; and its metrics."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Response
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from shared.telemetry import Trouble, metrics
from shared.web.answers import JsonAnswer

Check = Callable[[], Awaitable[bool] | bool]
PATIENCE = 2.0


class Health:
    """The checks of one process, registered by those who know: alive, ready, wanted."""

    def __init__(self) -> None:
        self.started = False
        self.draining = False
        self._live: dict[str, Check] = {}
        self._ready: dict[str, Check] = {}
        self._wanted: dict[str, Check] = {}
        # Of what says no by raising: the log tells of it once, not at every question.
        self._troubles: dict[str, Trouble] = {}

    def alive(self, name: str, check: Check) -> None:
        """Register what a restart would mend."""
        self._live[name] = check

    def ready(self, name: str, check: Check) -> None:
        """Register what requests cannot be answered without."""
        self._ready[name] = check

    def wanted(self, name: str, check: Check) -> None:
        """Register what the process does without for a while: it is told as degraded, not as unready."""
        self._wanted[name] = check

    async def live_report(self) -> tuple[bool, dict[str, Any]]:
        """Whether the process lives, and the body that says so."""
        checks = await self._all(self._live)
        lives = all(checks.values())
        return lives, {"status": "live" if lives else "dead", "checks": checks}

    async def ready_report(self) -> tuple[bool, dict[str, Any]]:
        """Whether the process is ready, and the body that says so, with what it does without."""
        checks = {"started": self.started, "not-draining": not self.draining} | await self._all(self._ready)
        wanted = await self._all(self._wanted)
        ready, degraded = all(checks.values()), sorted(name for name, good in wanted.items() if not good)
        word = ("degraded" if degraded else "ready") if ready else "unready"
        return ready, {"status": word, "checks": checks, "degraded": degraded}

    async def _all(self, checks: dict[str, Check]) -> dict[str, bool]:
        told = await asyncio.gather(*(self._one(name, check) for name, check in checks.items()))
        return dict(zip(checks, told, strict=True))

    async def _one(self, name: str, check: Check) -> bool:
        trouble = self._troubles.setdefault(name, Trouble(f"health.{name}"))
        try:
            async with asyncio.timeout(PATIENCE):
                told = check()
                good = bool(await told) if inspect.isawaitable(told) else bool(told)
        except Exception as error:  # noqa: BLE001 - whatever a check says by raising, it says no
            trouble.met(type(error).__name__)
            return False
        trouble.over()
        return good


def health_routes(health: Health) -> APIRouter:
    """`/livez`, `/readyz` and `/metrics`."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/livez")
    async def livez() -> Response:
        good, body = await health.live_report()
        return JsonAnswer(body, status_code=200 if good else 503)

    @routes.get("/readyz")
    async def readyz() -> Response:
        good, body = await health.ready_report()
        return JsonAnswer(body, status_code=200 if good else 503)

    @routes.get("/metrics")
    async def told() -> Response:
        return Response(generate_latest(metrics.REGISTRY), media_type=CONTENT_TYPE_LATEST)

    return routes
