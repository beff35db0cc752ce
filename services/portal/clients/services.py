"""The connections to the other services, each asked with a short patience so that none delays a page."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Literal

import httpx

from services.portal.clients.answer import Answer, read_answer
from services.portal.clients.readiness import Readiness, understood
from services.portal.clients.visitor import forwarded
from shared.kernel import Malformed
from shared.settings import Settings, SettingsWrong
from shared.telemetry import Trouble, current_cause

PATIENCE = 3.0
READINESS_PATIENCE = 1.0
# A stream says something every 15 seconds: one that is silent for so long was cut off, and nobody told us.
SILENCE = 45.0
Stored = Literal["registry", "monitoring", "scoring", "roadmap", "notification"]
# Name, what it is called for people, how many ports it stands behind the portal.
SERVICES: tuple[tuple[Stored, str, int], ...] = (
    ("registry", "Реестр: муниципалитеты и организации", 1),
    ("monitoring", "Мониторинг: процедуры и результаты", 2),
    ("scoring", "Оценка: баллы, уровни, рейтинги", 3),
    ("roadmap", "Дорожные карты", 4),
    ("notification", "Уведомления: входящие и живая лента", 5),
)
TITLES: dict[str, str] = {name: title for name, title, _ in SERVICES}


def addresses_of(settings: Settings) -> dict[str, str]:
    """Where each service is: as the setting says, else behind the portal's own port; SettingsWrong otherwise."""
    found: dict[str, str] = {name: f"http://127.0.0.1:{settings.port_base + offset}" for name, _, offset in SERVICES}
    for told in settings.services:
        name, _, address = told.partition("=")
        if name not in found or not address.startswith(("http://", "https://")):
            raise SettingsWrong(f"RSOKO_SERVICES: «{told}» — нужно вида scoring=http://scoring:8003")
        found[name] = address.rstrip("/")
    return found


class Services:
    """The other services, at the addresses given; call `close` at the end."""

    def __init__(self, addresses: Mapping[str, str], *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.addresses = addresses
        self._transport = transport
        self._troubles = {name: Trouble(name) for name in addresses}
        self._clients: dict[tuple[str, str], httpx.AsyncClient] = {}

    async def get(self, service: str, path: str, *, bearer: str | None = None, **options: Any) -> Answer:
        """The answer to a GET in the name of a token; `params=` and `headers=` as httpx takes them."""
        return await self.send("GET", service, path, bearer=bearer, **options)

    async def send(self, method: str, service: str, path: str, *, bearer: str | None = None, **options: Any) -> Answer:
        """The answer to any request; one that does not come in time (`patience=` seconds) has the status 0.

        Malformed where a value of `headers=` is none that can be sent: such come from what a browser sent.
        """
        headers = _told(bearer, options.pop("headers", None))
        patience = options.pop("patience", PATIENCE)
        try:
            async with asyncio.timeout(patience):
                client = self._client(service)
                response = await client.request(method, path, headers=headers, timeout=patience, **options)
        except (httpx.HTTPError, TimeoutError) as error:
            self._troubles[service].met(_why(error))
            return Answer(service, TITLES[service], 0)
        self._troubles[service].over()
        return read_answer(service, TITLES[service], response)

    @asynccontextmanager
    async def stream(
        self, service: str, path: str, *, bearer: str | None = None, **options: Any
    ) -> AsyncIterator[httpx.Response]:
        """An answer that lasts; httpx.HTTPError where it does not begin in time or breaks off, Malformed as `send`."""
        headers = _told(bearer, options.pop("headers", None))
        patience = httpx.Timeout(PATIENCE, read=SILENCE)
        client = self._client(service, of="streams")
        async with client.stream("GET", path, headers=headers, timeout=patience, **options) as response:
            yield response

    async def readiness(self) -> Sequence[Readiness]:
        """Every service in order; one that does not answer in time is away, and delays nobody else."""
        return await asyncio.gather(*(self._readiness(name, title) for name, title, _ in SERVICES))

    async def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()

    async def _readiness(self, name: str, title: str) -> Readiness:
        address = self.addresses[name]
        try:
            async with asyncio.timeout(READINESS_PATIENCE):
                told = (await self._client(name).get("/readyz")).json()
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            self._troubles[name].met(_why(error))
            return Readiness(name, title, address, "away")
        return Readiness(name, title, address, *understood(told))

    def _client(self, service: str, of: str = "pages") -> httpx.AsyncClient:
        """One pool of connections per service; streams have their own, for a pool is searched whole at each request."""
        if (service, of) not in self._clients:
            self._clients[service, of] = httpx.AsyncClient(
                base_url=self.addresses[service],
                timeout=PATIENCE,
                limits=httpx.Limits(max_connections=None, max_keepalive_connections=20),
                transport=self._transport,
                trust_env=False,
            )
        return self._clients[service, of]


def _why(error: Exception) -> str:
    """What stands between us, in few words: those of other errors may quote what was sent, a token too."""
    kind = type(error).__name__
    return f"{kind}: {error}" if isinstance(error, httpx.ConnectError) else kind


def _told(bearer: str | None, given: Mapping[str, str] | None) -> dict[str, str]:
    """The headers of a request: those given, who asks, by token or by address, and the id that ties the logs together.

    Pages put into headers what a form or an address told them, and all of that is in somebody's hand.
    """
    asks = {"Authorization": bearer} if bearer else forwarded()
    found = {**(given or {}), "X-Correlation-Id": current_cause().correlation, **asks}
    if not all(text.isascii() and text.isprintable() for text in found.values()):
        raise Malformed(
            "malformed-request",
            "Запрос испорчен",
            "В служебном поле стоят знаки, которых там не бывает. Откройте страницу заново и повторите.",
        )
    return found
