"""Road maps on a database of their own, by use cases and over HTTP in process, on a day of 2022."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from services.registry.events import DatedName, MunicipalityRegistered
from services.roadmap.app import create
from services.roadmap.consumers import listeners
from services.roadmap.store import SCHEMAS, Store
from services.roadmap.usecases import Roadmap
from shared.kernel import Cause, Heard, Origin, Unauthenticated
from shared.mongo import Batch, Database, InsertOne
from shared.policy import NOBODY, Actor
from shared.settings import Settings
from shared.testing import FrozenClock
from tests.contracts.answers import judged
from tests.prepared import Prepared

PLACES = ("scoring.score.v1|0", "registry.municipality.v1|0")
Client = Callable[[str], httpx.AsyncClient]


class NamedTokens:
    """Believes `Bearer <role> <municipality>`; nothing is remembered."""

    def known(self, authorization: str | None) -> Actor | None:
        role, _, own = (authorization or "").removeprefix("Bearer ").partition(" ")
        return (
            Actor(role=role, subject=f"{role}-{own}", attributes={"municipality": own} if own else {}) if role else None
        )

    async def actor(self, authorization: str | None) -> Actor:
        if not authorization:  # a client cannot leave out a header that it always sends
            return NOBODY
        raise Unauthenticated("invalid-token", "Токен не принят")


@pytest.fixture
async def database(prepared: Prepared) -> Database:
    """An empty database of this service."""
    return await prepared(SCHEMAS)


@pytest.fixture
async def store(database: Database, clock: FrozenClock) -> Store:
    database.mongo.clock = clock
    await database.write("positions", [InsertOne({"_id": f"roadmap|{place}", "next": 0}) for place in PLACES])
    return Store(database)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def uses(store: Store, clock: FrozenClock) -> Roadmap:
    return Roadmap(store, clock=clock)


@pytest.fixture
async def known(uses: Roadmap) -> None:
    """Two municipalities of the region are known."""
    heard = [
        Heard(
            MunicipalityRegistered(
                id=key,
                revision=1,
                region=key[:2],
                history=(DatedName(name=name, kind="urban_okrug", oktmo=code, valid_from="2014-01-01"),),
            ),
            key,
            "rsoko/registry",
            Cause("c"),
            Origin("registry.municipality.v1", 0, number),
        )
        for number, (key, name, code) in enumerate(
            [("74-a", "А ГО", "75000001"), ("74-b", "Б ГО", "75000002"), ("24-v", "В ГО", "04000001")]
        )
    ]
    (listener,) = listeners(uses)
    await listener.handle(Batch("roadmap", "roadmap.dlq", heard, reach={PLACES[1]: (0, len(heard))}))


@pytest.fixture
async def http(uses: Roadmap, known: None, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app = create(settings)
    app.state.uses, app.state.tokens = uses, NamedTokens()
    transport = httpx.ASGITransport(app)
    headers = {"Authorization": "Bearer regional_operator"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://roadmap", headers=headers, event_hooks=judged(app)
    ) as client:
        yield client
    app.state.platform.mongo.close()
