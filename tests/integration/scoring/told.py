"""What stands in the outbox: told changes in the order in which the relay sends them."""

from typing import Any

import orjson

from services.scoring.domain import Fact
from services.scoring.domain.news import News, Taken
from services.scoring.events import RatingChanged, ScoreChanged
from services.scoring.usecases import Scoring
from shared.mongo import Database


async def outbox(database: Database, kind: str) -> list[dict[str, Any]]:
    rows = await database.find("outbox", {"headers.ce_type": kind}, sort=[("_id", 1)])
    return [orjson.loads(row["value"]) for row in rows]


async def cards_of(database: Database) -> list[dict[str, Any]]:
    """The cards in use, as they are stored."""
    row = await database.find_one("meta", {"_id": "generation"})
    number = row["n"] if row else 0
    return await database.find(f"cards_{number}" if number else "cards", {}, sort=[("_id", 1)])


async def told_scores(database: Database) -> list[dict[str, Any]]:
    return await outbox(database, ScoreChanged.TYPE)


async def told_ratings(database: Database) -> list[dict[str, Any]]:
    return await outbox(database, RatingChanged.TYPE)


async def take(scoring: Scoring, *facts: Fact) -> Taken:
    return await scoring.batches.take(None, News(facts))


def overall(scoring: Scoring, municipality: str, period: str = "2022") -> str | None:
    stored = scoring.state.mirror.get(municipality, period)
    points = stored.card.scores["overall"].points if stored else None
    return None if points is None else str(points)
