"""The whole service on real Kafka and MongoDB: the region's results in as events, its published tables out."""

import asyncio
import csv
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import httpx
import orjson
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from fastapi import FastAPI

from deploy.cli.topics import _apply
from deploy.local.kafka.declared import DECLARED
from deploy.local.region import DATA, Region, read_region
from services.monitoring.events import ProcedureDescribed, ResultAccepted, ResultCorrected, Subject
from services.registry.events import DatedName, MunicipalityRegistered
from services.scoring.app import create
from services.scoring.domain import CardKey, instant_text
from services.scoring.domain.league import League
from services.scoring.domain.permission import Permitted, permitted_from
from services.scoring.events import RatingChanged, ScoreChanged
from services.scoring.store import SCHEMAS, Store
from services.scoring.usecases import Scoring
from shared.envelope import Letter, seal
from shared.kernel import Cause, Event, Unavailable
from shared.mongo import Database, InsertOne, Mongo
from shared.mongo.client import utc_now
from shared.mongo.schema import PLATFORM
from shared.settings import Settings
from shared.testing import eventually
from tests.contracts.answers import judged
from tests.integration.scoring.conftest import ACTORS
from tests.tokens import PlainTokens
from tests.unit.scoring.schools.made import document

NOW = datetime(2023, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def region() -> Region:
    return read_region()


@pytest.fixture
async def app(settings: Settings, mongo: Mongo, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FastAPI]:
    """The service as it runs, ready; its database is empty at first."""
    monkeypatch.setattr("services.scoring.app.REGULARLY", 0.5)
    await mongo.database("scoring").drop()
    await mongo.database("scoring").apply([*PLATFORM, *SCHEMAS])
    await _apply({"bootstrap_servers": list(settings.kafka)}, DECLARED)
    made = create(settings)
    made.state.tokens = PlainTokens(ACTORS.get)
    async with made.router.lifespan_context(made):
        await eventually(lambda: made.state.health.started, what="the service is ready")
        yield made


def letters(events: Iterable[Event]) -> list[Letter]:
    return [
        seal(event, id=str(uuid.uuid4()), source="rsoko/test", time=NOW, cause=Cause(f"c-{number}"))
        for number, event in enumerate(events)
    ]


async def send(settings: Settings, events: Iterable[Event]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=list(settings.kafka))
    await producer.start()
    try:
        for letter in letters(events):
            headers = [(name, text.encode()) for name, text in letter.headers.items()]
            await producer.send(letter.topic, value=letter.value, key=letter.key.encode(), headers=headers)
        await producer.flush()
    finally:
        await producer.stop()


def municipality(body: dict[str, Any]) -> MunicipalityRegistered:
    named = [DatedName(**one) for one in body["history"]]
    return MunicipalityRegistered(id=body["id"], revision=1, region=body["region"], history=tuple(named))


def accepted(number: int, body: dict[str, Any]) -> ResultAccepted:
    return ResultAccepted(
        result=f"r{number}",
        revision=1,
        procedure=body["procedure"],
        subject=Subject(**body["subject"]),
        period=body["period"],
        values={key: str(value) for key, value in body["values"].items()},
        source=body["source"],
        occurred_at=body["occurred_at"],
        recorded_at=NOW,
        quiet=True,
    )


async def heard(
    settings: Settings, topic: str, *, since: int, until: Callable[[dict[str, Any]], bool]
) -> list[dict[str, Any]]:
    """What came to a topic after `since` (ms; earlier tests use the same one) up to an event that is waited for."""
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=list(settings.kafka), auto_offset_reset="earliest")
    await consumer.start()
    found: list[dict[str, Any]] = []
    try:
        async with asyncio.timeout(60):
            async for record in consumer:
                if record.timestamp < since:
                    continue
                found.append(orjson.loads(record.value))
                if until(found[-1]):
                    return found
    finally:
        await consumer.stop()
    raise AssertionError("the topic ended")


def caller(app: FastAPI) -> httpx.AsyncClient:
    headers = {"Authorization": "Bearer ministry"}
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url="http://scoring", headers=headers, event_hooks=judged(app))


async def bring(app: FastAPI, settings: Settings, http: httpx.AsyncClient, region: Region) -> None:
    """Names, the edition and all results of the region, scored."""
    await send(settings, [municipality(body) for body in region.municipalities])
    yaml = {"Content-Type": "application/yaml"}
    path = "/v1/methodologies/complex-analytics-2022"
    assert (await http.put(path, content=region.methodology.encode(), headers=yaml)).status_code == 201
    await send(settings, [accepted(number, body) for number, body in enumerate(region.results)])
    await eventually(lambda: _results(app.state.uses) == 765, what="all results are scored")


async def test_the_regions_events_become_its_published_tables_and_a_correction_is_told(
    app: FastAPI, settings: Settings, region: Region
) -> None:
    since = int(time.time() * 1000)
    async with caller(app) as http:
        await bring(app, settings, http, region)
        for group in ("conditions", "results"):
            rows = (await http.get("/v1/ratings/2022", params={"group": group})).json()["rows"]
            assert {row["municipality"]["oktmo"]: (row["percent"], row["rank"]) for row in rows} == published(group)
    first = best_of_the_leader(app.state.uses, region)
    corrected = first.model_dump() | {"revision": 2, "quiet": False, "values": dict.fromkeys(first.values or (), "0")}
    bad = first.model_copy(update={"result": "bad", "values": {"i1": "много"}})
    await send(settings, [bad, ResultCorrected(**corrected)])
    await check_told(settings, first, since)
    dead = await app.state.platform.database.find("dead_letters", {"group": "scoring"})
    assert [(one["code"], one["event"] is not None) for one in dead] == [("value-not-a-number", True)]
    assert await app.state.uses.recounts.verify() == []


async def test_thresholds_that_a_process_took_that_only_answers_are_applied_by_one_that_works(
    app: FastAPI, mongo: Mongo
) -> None:
    database = mongo.database("scoring")
    answering = Scoring(Store(database, home="74"), clock=utc_now)
    await answering.load()
    await answering.schools.thresholds.put("small", document(), cause=Cause("c"))
    await eventually(lambda: nothing_waits(database), what="everything is judged")


async def nothing_waits(database: Database) -> bool:
    """Whether nothing waits to be judged."""
    return await database.count("school_pending", {}) == 0


async def test_rules_that_a_process_could_not_apply_are_applied_by_it_as_soon_as_it_can(
    app: FastAPI, settings: Settings, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    uses: Scoring = app.state.uses

    async def away(keys: Sequence[CardKey]) -> int:
        raise Unavailable("mongodb")

    await send(settings, [municipality(body) for body in region.municipalities])
    await send(settings, [accepted(number, body) for number, body in enumerate(region.results[:50])])
    facts = app.state.platform.database
    await eventually(lambda: facts.count("facts", {}), what="results wait for an edition")
    yaml, path = {"Content-Type": "application/yaml"}, "/v1/methodologies/complex-analytics-2022"
    async with caller(app) as http:
        with monkeypatch.context() as patch:
            patch.setattr(uses.recounts, "mend_all", away)
            refused = await http.put(path, content=region.methodology.encode(), headers=yaml)
    assert refused.status_code == 503
    await eventually(lambda: _results(uses) >= 50, what="the results are scored")
    assert await uses.recounts.verify() == []


async def check_told(settings: Settings, corrected: ResultAccepted, since: int) -> None:
    """The correction is the only loud change; each of its municipality's changes begins where the last one ended."""

    def loud(event: dict[str, Any]) -> bool:
        return not event["quiet"]

    told = await heard(settings, ScoreChanged.topic(), since=since, until=loud)
    mine = [one for one in told if one["municipality"] == corrected.key]
    assert [one["revision"] for one in mine] == list(range(1, len(mine) + 1))
    cause = {"result": corrected.result, "revision": 2, "procedure": corrected.procedure, "withdrawn": False}
    assert mine[-1]["causes"] == [cause]
    ratings = await heard(settings, RatingChanged.topic(), since=since, until=loud)
    assert ratings[-1]["moved"] > 0


def best_of_the_leader(uses: Scoring, region: Region) -> ResultAccepted:
    """The result that the first of the overall rating owes most points to: without it, it is not the first."""
    ranks = uses.state.mirror.standings.table(League("74", "2022"), "overall").ranks()
    own = [accepted(number, body) for number, body in enumerate(region.results)]
    return max(
        (one for one in own if ranks[one.key] == 1), key=lambda one: sum(int(text or 0) for text in one.values.values())
    )


def _results(uses: Scoring) -> int:
    cards = [one.card for one in uses.state.mirror.of(League("74", "2022")).values()]
    return sum(scored.held is not None for card in cards for scored in card.procedures.values())


def published(group: str) -> dict[str, tuple[int, int]]:
    with (DATA / f"published_{group}_2022.csv").open(encoding="utf-8", newline="") as file:
        return {row["oktmo"]: (int(row["percent"]), int(row["rank"])) for row in csv.DictReader(file)}


async def test_a_description_heard_again_completes_a_name_and_counts_from_when_it_was_told(
    app: FastAPI, settings: Settings, mongo: Mongo
) -> None:
    scoring = mongo.database("scoring")
    await scoring.write("procedures", [InsertOne({"_id": "giv", "revision": 3, "name": "Имя"})])
    told = ProcedureDescribed(
        procedure="giv", revision=3, code=1, group="results", name="Имя", maximum="4", indicators=(),
        subject="municipality", permitted_uses=("analysis",), act="письмо",
    )  # fmt: skip
    await send(settings, [told])
    await eventually(lambda: app.state.uses.state.permitted.get("giv"), what="the description is known")
    (known,) = permitted_from(await scoring.find_one("procedures", {"_id": "giv"}) or {})
    assert known == Permitted(frozenset({"analysis"}), "письмо", instant_text(NOW))
