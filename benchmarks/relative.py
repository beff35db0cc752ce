"""A new best among the country's 2,301 municipalities: every card of the cohort measured anew, in one commit."""

from __future__ import annotations

import asyncio
import logging
import statistics
import time
from typing import TYPE_CHECKING, Any

import structlog
from motor.motor_asyncio import AsyncIOMotorClient  # noqa: TID251 - the floor writes past our store
from pymongo import UpdateOne, WriteConcern  # noqa: TID251 - as above
from pymongo.read_concern import ReadConcern  # noqa: TID251 - as above

from benchmarks.facts import fact_of
from benchmarks.figures import Figure, Sample
from benchmarks.ground import ground
from services.scoring.domain import Fact, methodology_from_yaml
from services.scoring.domain.news import News
from services.scoring.store import SCHEMAS, Store
from services.scoring.usecases import Scoring
from shared.mongo import Mongo
from shared.mongo.client import utc_now

if TYPE_CHECKING:
    from collections.abc import Callable

MANY, ROUNDS, BESTS = 2301, 5, 6
EDITION = """\
id: compared
title: Сравнение с лучшим
in_force: {from: 2020}
levels: {low: [0, 29], medium: [30, 59], above_average: [60, 89], high: [90, 100]}
groups:
  - key: conditions
    title: Создание условий
    procedures:
      - key: vpr
        code: 1
        title: Процедура
        maximum: 4
        indicators:
          - {key: i1, maximum: 2, rule: {kind: relative}}
          - {key: i2, maximum: 2, rule: {kind: direct}}
"""


def measure(tell: Callable[[str], None]) -> list[Figure]:
    """Each round: results that each become the best, by us and by a bare transaction of as many updates, in turn."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with ground("scoring") as platform:
        moved, calm, floor = asyncio.run(_measured(platform.settings.mongo_uri, tell))
    return [
        Figure(
            name="relative",
            what=f"новое лучшее значение среди {MANY} муниципалитетов: все карточки одной записью",
            unit="мс",
            ours=Sample(tuple(moved)),
            floor=Sample(tuple(floor)),
            bound="точные дроби каждой карточки и запись каждой; ориентир пишет готовые числа",
        ),
        Figure(
            name="relative_calm",
            what="там же результат, который лучшего не меняет",
            unit="мс",
            ours=Sample(tuple(calm)),
            bound="лучшее ищется по всем карточкам в памяти",
        ),
    ]


async def _measured(uri: str, tell: Callable[[str], None]) -> tuple[list[float], list[float], list[float]]:
    mongo, client = Mongo(uri, by="bench"), AsyncIOMotorClient[dict[str, Any]](uri)
    try:
        uses = Scoring(Store(mongo.database("scoring", SCHEMAS), home="74"), clock=utc_now)
        await uses.load()
        document = methodology_from_yaml(EDITION)[1]
        await uses.editions.put("compared", document)
        await uses.batches.take(None, News([_fact(number, 1, f"{number % 97 + 1}") for number in range(MANY)]))
        bare = client["floor"]["cards"]
        await bare.insert_many([{"_id": number, "version": 0} for number in range(MANY)])
        return await _rounds(uses, bare, tell)
    finally:
        mongo.close()
        client.close()


async def _rounds(
    uses: Scoring, bare: Any, tell: Callable[[str], None]
) -> tuple[list[float], list[float], list[float]]:
    moved: list[float] = []
    calm: list[float] = []
    floor: list[float] = []
    best = 1000
    for number in range(ROUNDS):
        times: dict[str, list[float]] = {"moved": [], "calm": [], "floor": []}
        for turn in range(BESTS):
            best += 1
            revision = 2 + number * BESTS + turn
            times["moved"].append(await _milliseconds(_take(uses, _fact(best % 500, revision, f"{best}"))))
            times["calm"].append(await _milliseconds(_take(uses, _fact(600 + best % 500, revision, "1.5"))))
            times["floor"].append(await _milliseconds(_by_hand(bare, best)))
        moved.append(statistics.median(times["moved"]))
        calm.append(statistics.median(times["calm"]))
        floor.append(statistics.median(times["floor"]))
        tell(f"круг {number + 1}: {moved[-1]:.0f} мс, без сдвига {calm[-1]:.0f}, ориентир {floor[-1]:.0f}")
    return moved, calm, floor


async def _milliseconds(work: Any) -> float:
    began = time.perf_counter()
    await work
    return (time.perf_counter() - began) * 1000


async def _take(uses: Scoring, fact: Fact) -> None:
    await uses.batches.take(None, News([fact]))


async def _by_hand(bare: Any, best: int) -> None:
    """As many updates with ready numbers in one transaction, over a version, majority: nothing is computed or told."""
    share = {"points": f"{best}/7", "maximum": 4, "percent": 50, "level": "medium"}
    changed = {"scores.conditions": share, "scores.overall": share, "procedures.vpr": share}
    operations = [UpdateOne({"_id": number}, {"$set": changed, "$inc": {"version": 1}}) for number in range(MANY)]
    snapshot, majority = ReadConcern("snapshot"), WriteConcern("majority")
    async with await bare.database.client.start_session() as session, session.start_transaction(snapshot, majority):
        await bare.bulk_write(operations, ordered=False, session=session)


def _fact(number: int, revision: int, value: str) -> Fact:
    return fact_of(f"m{number}", "vpr", {"i1": value, "i2": "1"}, revision=revision)
