"""Road maps on a database of their own, by use cases and over HTTP in process, on a day of 2022."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from services.registry.events import DatedName, MunicipalityRegistered
from services.roadmap.app import create
from services.roadmap.consumers import listeners
from services.roadmap.store import SCHEMAS, Store
from services.roadmap.usecases import Roadmap
from shared.batch import Batch
from shared.kernel import Cause, Heard, Origin
from shared.mongo import Database, InsertOne
from shared.policy import Actor
from shared.settings import Settings
from shared.testing import FrozenClock
from tests.contracts.answers import judged
from tests.prepared import Prepared
from tests.tokens import PlainTokens

PLACES = ("scoring.score.v1|0", "registry.municipality.v1|0")
Client = Callable[[str], httpx.AsyncClient]


def named(words: str) -> Actor:
    """The actor of `<role> <municipality>`."""
    role, _, own = words.partition(" ")
    return Actor(role=role, subject=f"{role}-{own}", attributes={"municipality": own} if own else {})


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
    return Roadmap(store, clock=clock, home="74")


def registered(key: str, *names: tuple[str, str, str], revision: int = 1) -> MunicipalityRegistered:
    """A municipality with its names, codes and the days from which they hold."""
    history = tuple(
        DatedName(name=name, kind="urban_okrug", oktmo=code, valid_from=since) for name, code, since in names
    )
    return MunicipalityRegistered(id=key, revision=revision, region=key[:2], history=history)


async def hear(uses: Roadmap, *told: MunicipalityRegistered, place: int) -> None:
    """What the registry told, from a place of its topic on."""
    heard = [
        Heard(one, f"{one.id}-{one.revision}", "rsoko/registry", Cause("c"), Origin(one.topic(), 0, place + number))
        for number, one in enumerate(told)
    ]
    (listener,) = listeners(uses)
    await listener.handle(Batch("roadmap", "roadmap.dlq", heard, reach={PLACES[1]: (place, place + len(heard))}))


KNOWN = (
    registered("74-a", ("А ГО", "75000001", "2014-01-01")),
    registered("74-b", ("Б ГО", "75000002", "2014-01-01")),
    registered("24-v", ("В ГО", "04000001", "2014-01-01")),
)


@pytest.fixture
async def known(uses: Roadmap) -> None:
    """Two municipalities of the region are known, and one of another."""
    await hear(uses, *KNOWN, place=0)


@pytest.fixture
async def http(uses: Roadmap, known: None, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app = create(settings)
    app.state.uses, app.state.tokens = uses, PlainTokens(named)
    transport = httpx.ASGITransport(app)
    headers = {"Authorization": "Bearer regional_operator"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://roadmap", headers=headers, event_hooks=judged(app)
    ) as client:
        yield client
    app.state.platform.mongo.close()
