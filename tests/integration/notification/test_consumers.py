"""The Kafka door on the real broker: events of others become items, bad records become dead letters."""

import uuid
from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta

import pytest

from deploy.cli import topics
from deploy.local import Settings as LocalSettings
from services.monitoring.events import Indicator, ProcedureDescribed
from services.notification.app import create
from services.notification.domain import Asked
from services.notification.usecases import Notification, Page
from services.registry.events import DatedName, MunicipalityChanged, MunicipalityRegistered
from services.scoring.events import GroupChange, Mover, RatingChanged, ResultCause, ScoreChanged, Standing
from shared.broker.connection import make_producer
from shared.envelope import seal
from shared.kernel import Cause, Event
from shared.mongo import Database
from shared.settings import Settings
from shared.testing import NOON, eventually
from tests.integration.notification.told import MINISTRY

# Topics are shared with the tests of other services: what is told here bears names of its own.
MOMENT = NOON + timedelta(milliseconds=uuid.uuid4().int % 10**9)
OWN, OTHER = (f"{letter}-{uuid.uuid4().hex[:8]}" for letter in "ab")
LOW = Standing(state="scored", points="72", maximum="95", share="72/95", percent=76, level="above_average", rank=3)
HIGH = LOW.model_copy(update={"points": "74", "share": "74/95", "percent": 78, "rank": 1})
PROCEDURE = ProcedureDescribed(
    procedure="vpr",
    revision=1,
    code=10,
    group="results",
    name="Всероссийские проверочные работы",
    maximum="2",
    indicators=(Indicator(key="i1", name="и1", maximum="2"),),
    subject="either",
    permitted_uses=("analysis",),
)
RATING = RatingChanged(
    period="2022",
    data_at=MOMENT,
    moved=1,
    movers=(Mover(municipality=OWN, before=3, after=1),),
    url="/v1/ratings/2022",
    quiet=True,
)


def municipality(kind: type[MunicipalityRegistered | MunicipalityChanged], revision: int, name: str) -> Event:
    dated = DatedName(name=name, kind="municipal_district", oktmo="75606000", valid_from=date(2005, 1, 1))
    return kind(id=OWN, revision=revision, region="74", history=(dated,))


def changed(revision: int, *, after: Standing = HIGH, quiet: bool = False, municipality: str = OWN) -> ScoreChanged:
    return ScoreChanged(
        municipality=municipality,
        period="2022",
        revision=revision,
        methodology="complex-analytics-2022",
        changes=(GroupChange(group="overall", before=LOW, after=after),),
        causes=(ResultCause(result="r1", revision=2, procedure="vpr"),),
        causes_count=1,
        data_at=NOON,
        quiet=quiet,
    )


async def send(settings: Settings, events: Sequence[Event], *, spoiled: bytes | None = None) -> None:
    """Put events on their topics as a relay does."""
    producer = make_producer(settings, "test")
    await producer.start()
    try:
        for event in events:
            letter = seal(event, id=uuid.uuid4().hex, source="rsoko/test", time=NOON, cause=Cause("corr-1"))
            headers = [(name, text.encode()) for name, text in letter.headers.items()]
            key = letter.key.encode()
            await producer.send_and_wait(letter.topic, value=letter.value, key=key, headers=headers)
        if spoiled is not None:
            await producer.send_and_wait(ScoreChanged.topic(), value=spoiled, key=OWN.encode())
    finally:
        await producer.stop()


@pytest.fixture
def kafka(stores: LocalSettings, settings: Settings) -> Settings:
    """Settings of the service with all topics made."""
    topics.apply(stores)
    return settings


@pytest.fixture
async def consuming(kafka: Settings, own_database: Database) -> AsyncIterator[Notification]:
    """The whole service with its consumers."""
    del own_database
    app = create(kafka)
    async with app.router.lifespan_context(app):
        await eventually(app.state.platform.kafka.assigned, what="partitions are assigned")
        uses: Notification = app.state.uses
        yield uses


async def test_what_others_tell_becomes_items_whatever_comes_first(
    consuming: Notification, kafka: Settings, own_database: Database
) -> None:
    moved_by_others = LOW.model_copy(update={"rank": 4})
    await send(
        kafka,
        [
            changed(1, quiet=True),
            changed(2),
            changed(1, municipality=OTHER, after=moved_by_others),
            changed(2),
            RATING,
            municipality(MunicipalityChanged, 2, "Аргаяшский МР"),
            municipality(MunicipalityRegistered, 1, "Прежнее имя"),
            PROCEDURE,
        ],
        spoiled=b"\xff not JSON",
    )

    async def page() -> Page | None:
        found = await consuming.inbox.page(MINISTRY, Asked(municipality=OWN))
        names = found.names
        complete = names.municipality(OWN, "2022").oktmo and names.procedure("vpr") != "vpr"
        rated = await own_database.count("feed", {"data.data_at": MOMENT, "quiet": True})
        return found if complete and rated and found.items else None

    found = await eventually(page, what="everything is heard")
    assert found is not None
    assert [one.item.id for one in found.items] == [f"{OWN}:2022:2"]
    assert await own_database.count("feed", {"municipality": {"$in": [OWN, OTHER]}}) == 1
    assert found.names.municipality(OWN, "2022").name == "Аргаяшский МР"
    assert found.names.procedure("vpr") == "Всероссийские проверочные работы"
    ours = {"key": OWN.encode()}
    letters = await eventually(lambda: own_database.find("dead_letters", ours), what="the bad record is kept")
    assert [(letter["group"], letter["code"]) for letter in letters] == [("notification", "not-a-cloudevent")]
