"""A small region with results, on a day after they were recorded, and a person of each role who publishes."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from services.scoring.domain.names import Municipality, Named
from services.scoring.domain.news import News
from services.scoring.usecases import Scoring
from shared.testing import FrozenClock
from tests.integration.scoring.told import take
from tests.unit.scoring.made import fact

DRAFTED = datetime(2023, 2, 1, 9, tzinfo=UTC)
FULL = {"i1": "2", "i2": "40"}
LESS = {"i1": "1", "i2": "10"}
ACT = {"act": {"number": "01-14", "date": "2023-02-20"}}


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


class People:
    """Asks in the name of somebody; `None` is nobody."""

    def __init__(self, client: httpx.AsyncClient, clock: FrozenClock) -> None:
        self._client, self.clock = client, clock

    async def ask(self, who: str | None, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers["Authorization"] = f"Bearer {who}" if who else ""
        if not who:
            del headers["Authorization"]
        return await self._client.request(method, path, json=body, headers=headers)

    async def drafted(self, period: str = "2022") -> dict[str, Any]:
        body = {"period": period, "reply_until": self.clock.now.date().isoformat()}
        return (await self.ask("operator", "POST", "/v1/editions", body)).raise_for_status().json()

    async def act(
        self, who: str, edition: dict[str, Any], deed: str, body: Any = None, **headers: str
    ) -> httpx.Response:
        path = f"/v1/editions/{edition['id']}/{deed}"
        return await self.ask(who, "POST", path, body, If_Match=f'"{edition["revision"]}"', **headers)

    async def one(self, edition: str, who: str | None = "ministry") -> dict[str, Any]:
        return (await self.ask(who, "GET", f"/v1/editions/{edition}")).raise_for_status().json()

    async def frozen(self) -> dict[str, Any]:
        edition = await self.drafted()
        self.clock.move(days=2)
        return (await self.act("ministry", edition, "freeze")).raise_for_status().json()

    async def published(self) -> dict[str, Any]:
        edition = await self.frozen()
        self.clock.move(days=20)
        return (await self.act("ministry", edition, "publish", ACT)).raise_for_status().json()


@pytest.fixture(autouse=True)
async def region(scoring: Scoring, clock: FrozenClock) -> None:
    """Four municipalities; m1 with half of what m2 and m3 have, m4 with nothing."""
    named = [
        Municipality(f"m{n}", 1, "74", (Named(name, f"7570{n}000", "2014-01-01", "2025-01-01"),))
        for n, name in enumerate(("Ёлкинский", "Ашинский", "Яровой", "Белый"), start=1)
    ]
    await scoring.batches.take(None, News((), named))
    await take(scoring, fact("r1", values=LESS), fact("r2", municipality="m2", values=FULL))
    await take(scoring, fact("r3", municipality="m3", values=FULL))
    clock.now = DRAFTED


@pytest.fixture
async def people(http: httpx.AsyncClient, clock: FrozenClock) -> People:
    del http.headers["Authorization"]
    return People(http, clock)
