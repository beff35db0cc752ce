"""Asks the other services how they are, each with a short patience, all at once."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import httpx

PATIENCE = 1.0
# Name, what it is called for people, how many ports it stands behind the portal.
SERVICES = (
    ("registry", "Реестр: муниципалитеты и организации", 1),
    ("monitoring", "Мониторинг: процедуры и результаты", 2),
    ("scoring", "Оценка: баллы, уровни, рейтинги", 3),
    ("roadmap", "Дорожные карты", 4),
    ("notification", "Уведомления: входящие и живая лента", 5),
)

State = Literal["ready", "degraded", "unready", "away"]


@dataclass(frozen=True, slots=True)
class Readiness:
    """How one service answered: `why` names the checks that failed, or stays empty."""

    name: str
    title: str
    address: str
    state: State
    why: tuple[str, ...] = ()


class Services:
    """The other services, at the addresses given; call `close` at the end."""

    def __init__(self, addresses: Mapping[str, str], *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._addresses = addresses
        self._transport = transport
        self._client: httpx.AsyncClient | None = None

    async def readiness(self) -> Sequence[Readiness]:
        """Every service in order; one that does not answer in time is away, and delays nobody else."""
        return await asyncio.gather(*(self._one(name, title) for name, title, _ in SERVICES))

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _one(self, name: str, title: str) -> Readiness:
        address = self._addresses[name]
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await self._connected().get(f"{address}/readyz")
                told = answer.json()
        except (httpx.HTTPError, TimeoutError, ValueError):
            return Readiness(name, title, address, "away")
        return Readiness(name, title, address, *_understood(told))

    def _connected(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=PATIENCE, transport=self._transport, trust_env=False)
        return self._client


def _understood(told: Any) -> tuple[State, tuple[str, ...]]:
    """The state and what is amiss in a readiness report; what is no report counts as away."""
    if not isinstance(told, dict) or told.get("status") not in ("ready", "degraded", "unready"):
        return "away", ()
    checks, wanted = told.get("checks"), told.get("degraded")
    failed = [str(name) for name, good in checks.items() if not good] if isinstance(checks, dict) else []
    degraded = [str(name) for name in wanted] if isinstance(wanted, list) else []
    state: State = told["status"]
    return state, tuple(failed + degraded)
