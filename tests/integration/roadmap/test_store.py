"""Road maps follow on a real MongoDB: with the batch's progress; repeats change and draft nothing."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

import pytest

from services.registry.events import DatedName as Told
from services.registry.events import MunicipalityChanged, MunicipalityRegistered
from services.roadmap.consumers import listeners
from services.roadmap.domain import DatedName, Deadline, RoadMap, Task, Window
from services.roadmap.store import Store
from services.roadmap.usecases import Roadmap
from services.roadmap.usecases.measuring import ACTIVITIES_OVERDUE
from services.scoring.events import GroupChange, RuleCause, ScoreChanged, Standing
from shared.batch import Batch
from shared.kernel import Cause, Event, Heard, Origin
from shared.mongo import Database, Fenced, InsertOne

Level = Literal["low", "medium", "above_average", "high"]
PLACE = "scoring.score.v1|0"
TODAY = date(2022, 11, 1)


def batch(reach: tuple[int, int], *events: Event) -> Batch[Any]:
    heard = [
        Heard(event, f"e-{number}", "rsoko/test", Cause("c"), Origin(event.topic(), 0, number))
        for number, event in enumerate(events)
    ]
    return Batch("roadmap", "roadmap.dlq", heard, reach={PLACE: reach})


def registered(revision: int, text: str) -> MunicipalityRegistered | MunicipalityChanged:
    spell = Told(name=text, kind="urban_okrug", oktmo="75712000", valid_from=date(2006, 1, 1))
    kind = MunicipalityRegistered if revision == 1 else MunicipalityChanged
    return kind(id="74-a", revision=revision, region="74", history=(spell,))


def scored(revision: int, percent: int, *, before: Level | None = None, quiet: bool = False) -> ScoreChanged:
    after = Standing(state="scored", points="1", maximum="2", share="1/2", percent=percent, level="medium", rank=3)
    was = after.model_copy(update={"level": before, "percent": 70}) if before else Standing(state="no_data")
    return ScoreChanged(
        municipality="74-a",
        period="2022",
        revision=revision,
        methodology="m",
        changes=(GroupChange(group="overall", before=was, after=after),),
        causes=(),
        causes_count=0,
        data_at=datetime(2022, 11, 1, tzinfo=UTC),
        quiet=quiet,
    )


async def test_a_batch_of_both_is_followed_and_its_repeat_changes_nothing(
    uses: Roadmap, store: Store, database: Database
):
    (listener,) = listeners(uses)
    await listener.handle(batch((0, 3), registered(1, "А"), scored(1, 50), registered(2, "Б")))
    await listener.handle(batch((3, 5), registered(1, "А"), scored(1, 99)))
    unit = await store.following.municipality("74-a", TODAY)
    assert unit
    assert (unit.revision, unit.history) == (2, (DatedName("Б", "75712000", date(2006, 1, 1)),))
    assert await store.following.municipality("75712000", TODAY) == unit
    (score,) = await database.find("scores", {})
    assert (score["_id"], score["revision"]) == ("74-a|2022", 1)


async def test_the_place_moves_with_the_batch(uses: Roadmap, database: Database):
    (listener,) = listeners(uses)
    await listener.handle(batch((0, 5), scored(1, 50)))
    position = await database.find_one("positions", {"_id": f"roadmap|{PLACE}"})
    assert position
    assert position["next"] == 5


async def test_an_overtaken_worker_writes_nothing(uses: Roadmap, store: Store, database: Database):
    (listener,) = listeners(uses)
    with pytest.raises(Fenced):
        await listener.handle(batch((7, 8), scored(4, 50, before="above_average")))
    assert await database.count("scores", {}) == 0
    assert await database.count("recommendations", {}) == 0


async def test_a_draft_by_a_new_edition_alone_names_it(uses: Roadmap, database: Database):
    (listener,) = listeners(uses)
    told = scored(4, 50, before="above_average")
    rules = (RuleCause(kind="edition", id="m"),)
    by_edition = told.model_copy(update={"rules": rules, "methodology_title": "Комплексный анализ, 2024 год"})
    await listener.handle(batch((0, 1), by_edition))
    (draft,) = await database.find("recommendations", {})
    assert "изменились правила: применена редакция методики «Комплексный анализ, 2024 год»" in draft["text"]


def as_it_lay(database: Database) -> Database:
    """The database to a process of an earlier version: what that writes bears the version that it knew."""
    return database.mongo.database(database.name)


async def test_a_municipality_of_an_older_document_is_found_by_its_code(store: Store, database: Database):
    old = {"_id": "74-b", "v": 1, "revision": 1, "region": "74", "name": "Б", "oktmo": "75000002", "history": []}
    older = {"_id": "74-a", "v": 2, "revision": 3, "region": "74", "name": "А", "oktmo": "75000001", "history": []}
    await as_it_lay(database).write(
        "municipalities", [InsertOne(old), InsertOne({**older, "codes": ["75000001", "75000009"]})]
    )
    for code, key, name in (("75000002", "74-b", "Б"), ("75000001", "74-a", "А"), ("75000009", "74-a", "А")):
        found = await store.following.municipality(code, TODAY)
        assert found
        assert (found.id, found.on(TODAY).name) == (key, name)
    assert found.on(TODAY).oktmo == "75000001"


async def test_a_municipality_of_an_older_document_is_completed_by_reading_its_topic_again(
    uses: Roadmap, store: Store, database: Database
):
    old = {"_id": "74-a", "v": 2, "revision": 2, "region": "74", "name": "А", "oktmo": "75712000", "history": []}
    await as_it_lay(database).write("municipalities", [InsertOne({**old, "codes": ["75712000"]})])
    (listener,) = listeners(uses)
    await listener.handle(batch((0, 1), registered(2, "Б")))
    found = await store.following.municipality("74-a", TODAY)
    assert found
    assert (found.revision, [one.since for one in found.history]) == (2, [date(2006, 1, 1)])


async def _told(database: Database) -> list[tuple[str, dict[str, Any]]]:
    rows = await database.find("outbox", {}, sort=[("_id.s", 1)])
    return [(row["headers"]["ce_type"].split(".")[-2], json.loads(row["value"])) for row in rows]


async def test_a_fallen_level_drafts_once_however_often_it_is_heard(uses: Roadmap, store: Store, database: Database):
    (listener,) = listeners(uses)
    fell = scored(5, 50, before="above_average")
    await listener.handle(batch((0, 2), registered(1, "А"), fell))
    await listener.handle(batch((2, 4), fell, scored(4, 50, before="high")))
    stored = await store.advice.one("74-a:2022:overall:5")
    assert stored
    assert (stored.state, stored.basis.before_level, stored.basis.after_level) == ("drafted", "above_average", "medium")
    ((kind, told),) = await _told(database)
    assert kind == "drafted"
    assert told["recommendation"] == stored.id
    assert (told["score_revision"], told["period"], told["group"], told["state"]) == (5, "2022", "overall", "drafted")
    assert await database.count("recommendations", {}) == 1


async def test_history_drafts_nothing_and_a_rise_marks_the_draft_until_the_next_fall(
    uses: Roadmap, store: Store, database: Database
):
    (listener,) = listeners(uses)
    await listener.handle(batch((0, 1), scored(1, 50, before="above_average", quiet=True)))
    assert await database.count("recommendations", {}) == 0
    await listener.handle(batch((1, 2), scored(2, 50, before="above_average")))
    await listener.handle(batch((2, 3), scored(3, 50, before="low")))
    assert (marked := await store.advice.one("74-a:2022:overall:2"))
    assert marked.recovered is None
    risen = scored(4, 50).model_copy(
        update={
            "changes": (
                GroupChange(
                    group="overall",
                    before=Standing(state="scored", percent=50, level="medium"),
                    after=Standing(state="scored", percent=70, level="above_average"),
                ),
            )
        }
    )
    await listener.handle(batch((3, 4), risen))
    assert (marked := await store.advice.one("74-a:2022:overall:2"))
    assert marked.recovered
    assert (marked.state, marked.recovered.score_revision) == ("drafted", 4)
    assert [kind for kind, _ in await _told(database)] == ["drafted"]
    await listener.handle(batch((4, 5), scored(5, 50, before="above_average")))
    assert (unmarked := await store.advice.one(marked.id))
    assert unmarked.recovered is None


async def test_a_draft_carries_the_deadlines_of_its_municipality(uses: Roadmap, store: Store):
    (listener,) = listeners(uses)
    await listener.handle(batch((0, 1), registered(1, "А")))
    today = uses.planning.today()
    coming = Window(today, today + timedelta(days=10))
    for name, region, whose in (
        ("ours", "74", None),
        ("own", "74", "74-a"),
        ("theirs", "74", "74-b"),
        ("far", "24", None),
    ):
        map_ = RoadMap(name, name, region, whose, coming.start, coming.end)
        await uses.planning.put(map_, [Task("1", "I", name, Deadline("скоро", ("on_by_date",), (coming,)))])
    await listener.handle(batch((1, 2), scored(5, 50, before="above_average")))
    stored = await store.advice.one("74-a:2022:overall:5")
    assert stored
    assert [(one.activity, one.due, one.state) for one in stored.deadlines] == [
        ("ours:1", coming.end, "open"),
        ("own:1", coming.end, "open"),
    ]


async def test_a_kind_that_a_map_has_no_more_is_measured_no_more(uses: Roadmap):
    def overdue() -> dict[str, float]:
        samples = next(iter(ACTIVITIES_OVERDUE.collect())).samples
        return {one.labels["kind"]: one.value for one in samples if one.labels["roadmap"] == "ours"}

    gone = Window(date(2022, 5, 1), date(2022, 5, 31))
    map_ = RoadMap("ours", "Карта", "74", None, gone.start, gone.end)
    await uses.planning.put(map_, [Task("1", "I", "Дело", Deadline("май", ("on_by_date",), (gone,)))])
    await uses.measuring.measure()
    assert overdue() == {"on_by_date": 1}
    await uses.planning.put(map_, [Task("1", "I", "Дело", Deadline("май", ("month_window",), (gone,)))], expected=1)
    await uses.measuring.measure()
    assert overdue() == {"month_window": 1}


def test_the_listener_hears_municipalities_and_scores(uses: Roadmap):
    (listener,) = listeners(uses)
    assert listener.topics == ["registry.municipality.v1", "scoring.score.v1"]
    assert (listener.group, listener.dlq) == ("roadmap", "roadmap.dlq")
