"""A portal without a server: its services are a function, its issuer the local one, all in this process."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import ECKey

from deploy.local.issuer.app import build
from deploy.local.issuer.people import parse
from deploy.local.issuer.tokens import Issuer
from services.portal.app import create
from services.portal.clients import SERVICES, Services
from services.portal.directory import Directory
from services.portal.signin import Provider
from shared.auth import Tokens
from shared.settings import Settings
from tests.contracts.asking import misunderstood
from tests.unit.portal.municipalities import REGION

ADDRESSES = {name: f"http://{name}.test" for name, _, _ in SERVICES}
ISSUER = "http://127.0.0.1:8006"
PORTAL = "http://127.0.0.1:8000"
Answers = Callable[[httpx.Request], httpx.Response]


class Stage:
    """The portal with what stands around it; `answers` may be replaced at any time."""

    def __init__(self) -> None:
        self.asked: list[httpx.Request] = []
        self.misunderstood: list[tuple[str, list[str]]] = []
        self.answers: Answers = lambda _: httpx.Response(503)
        self.now = datetime.now(UTC)
        self.issuer = Issuer(
            address=ISSUER,
            audience="rsoko",
            key=ECKey.generate_key("P-256", auto_kid=True),
            clock=lambda: self.now,
            new_id=lambda: "id",
        )
        settings = Settings(env="local", issuer=ISSUER)
        self.app: FastAPI = create(settings)
        self.identity = httpx.ASGITransport(build(self.issuer))
        portal = self.app.state.uses
        object.__setattr__(portal, "services", Services(ADDRESSES, transport=httpx.MockTransport(self._answer)))
        object.__setattr__(portal, "clock", lambda: self.now)
        # What the registry tells is known already: only the tests of that see the question.
        object.__setattr__(portal, "directory", Directory(lambda: self.now, {}))
        portal.directory.region, portal.directory._due = REGION, datetime.max.replace(tzinfo=UTC)
        portal.sessions._clock = lambda: self.now
        self.app.state.provider = Provider(settings, lambda: self.now, fetch=self._keys, transport=self.identity)
        self.app.state.tokens = Tokens(issuer=ISSUER, audience="rsoko", fetch=self._keys, clock=lambda: self.now)

    def browser(self, **options: Any) -> httpx.AsyncClient:
        """A browser that follows nothing by itself."""
        headers = {"Accept": "text/html"} | options.pop("headers", {})
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url=PORTAL, headers=headers, trust_env=False, **options
        )

    def token(self, who: str, *, lasts: timedelta = timedelta(hours=1)) -> str:
        """A bearer header of `ministry` or `municipality:<id>`."""
        return f"Bearer {self.issuer.access(parse(who), client='portal', scopes=['openid'], ttl=lasts)}"

    async def sign_in(self, browser: httpx.AsyncClient, who: str, *, to: str = "/") -> httpx.Response:
        """Walk the whole way through the issuer; the answer to the last step."""
        away = await browser.get("/login", params={"next": to})
        async with httpx.AsyncClient(transport=self.identity, trust_env=False) as outside:
            back = await outside.get(away.headers["location"], params=None)
            assert back.status_code == 200, back.text
            chosen = await outside.get(f"{away.headers['location']}&user={who}")
        return await browser.get(chosen.headers["location"])

    async def _keys(self) -> dict[str, Any]:
        return self.issuer.public_keys()

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        service, url = request.url.host.removesuffix(".test"), request.url
        if wrong := misunderstood(service, request.method, url.path, url.query):
            self.misunderstood.append((str(url), wrong))
        return self.answers(request)


@pytest.fixture
def stage() -> Iterator[Stage]:
    one = Stage()
    yield one
    assert not one.misunderstood, "what the services do not know is not asked of them"


@pytest.fixture
async def browser(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    async with stage.browser() as client:
        yield client
