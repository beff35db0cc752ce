"""Road maps follow on a real MongoDB: with the batch's progress, and repeats change nothing."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.registry.events import DatedName, MunicipalityChanged, MunicipalityRegistered
from services.roadmap.consumers import listeners
from services.roadmap.store import SCHEMAS, Store
from services.roadmap.usecases import Roadmap
from services.scoring.events import GroupChange, ScoreChanged, Standing
from shared.kernel import Cause, Event, Heard, Origin
from shared.mongo import Batch, Database, Fenced, InsertOne
from shared.mongo.schema import PLATFORM

PLACE = "scoring.score.v1|0"


@pytest.fixture
async def store(database: Database) -> Store:
    await database.apply([*PLATFORM, *SCHEMAS])
    await database.write("positions", [InsertOne({"_id": f"roadmap|{PLACE}", "next": 0})])
    return Store(database)


def batch(reach: tuple[int, int], *events: Event) -> Batch[Any]:
    heard = [
        Heard(event, f"e-{number}", "rsoko/test", Cause("c"), Origin(event.topic(), 0, number))
        for number, event in enumerate(events)
    ]
    return Batch("roadmap", "roadmap.dlq", heard, reach={PLACE: reach})


def registered(revision: int, text: str) -> MunicipalityRegistered | MunicipalityChanged:
    spell = DatedName(name=text, kind="urban_okrug", oktmo="75712000", valid_from=date(2006, 1, 1))
    kind = MunicipalityRegistered if revision == 1 else MunicipalityChanged
    return kind(id="74-a", revision=revision, region="74", history=(spell,))


def scored(revision: int, percent: int) -> ScoreChanged:
    after = Standing(state="scored", points="1", maximum="2", share="1/2", percent=percent, level="medium", rank=3)
    return ScoreChanged(
        municipality="74-a",
        period="2022",
        revision=revision,
        methodology="m",
        changes=(GroupChange(group="overall", before=Standing(state="no_data"), after=after),),
        causes=(),
        causes_count=0,
        data_at=datetime(2022, 11, 1, tzinfo=UTC),
    )


async def test_a_batch_of_both_is_followed_and_its_repeat_changes_nothing(store: Store, database: Database):
    (listener,) = listeners(Roadmap(store))
    await listener.handle(batch((0, 3), registered(1, "А"), scored(1, 50), registered(2, "Б")))
    await listener.handle(batch((3, 5), registered(1, "А"), scored(1, 99)))
    unit, score = await store.municipality("74-a"), await store.score("74-a", "2022")
    assert unit
    assert (unit.revision, unit.name, unit.oktmo) == (2, "Б", "75712000")
    assert score
    assert (score.revision, score.groups["overall"].percent, score.groups["overall"].rank) == (1, 50, 3)
    position = await database.find_one("positions", {"_id": f"roadmap|{PLACE}"})
    assert position
    assert position["next"] == 5


async def test_an_overtaken_worker_writes_nothing(store: Store):
    (listener,) = listeners(Roadmap(store))
    with pytest.raises(Fenced):
        await listener.handle(batch((7, 8), scored(4, 50)))
    assert await store.score("74-a", "2022") is None


def test_the_listener_hears_municipalities_and_scores(store: Store):
    (listener,) = listeners(Roadmap(store))
    assert listener.topics == ["registry.municipality.v1", "scoring.score.v1"]
    assert (listener.group, listener.dlq) == ("roadmap", "roadmap.dlq")
