"""What other systems sent and was refused: dead letters of the intake topic and refused events of the HTTP door."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from shared.mongo import Database, Document

GROUP = "monitoring.intake"


class Refusals:
    """Both kinds as one list, newest first."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def page(
        self, *, sources: Collection[str] | None, code: str | None, place: Sequence[Any] | None, limit: int
    ) -> list[Document]:
        """Rows of some sources (None: of all), of a code if named, behind a place."""
        condition: dict[str, Any] = {}
        if sources is not None:
            condition["source"] = {"$in": sorted(sources)}
        if code is not None:
            condition["code"] = code
        if place is not None:
            at = datetime.fromisoformat(place[0])
            condition["$or"] = [{"at": {"$lt": at}}, {"at": at, "_id": {"$lt": place[1]}}]
        newest = [("at", -1), ("_id", -1)]
        letters = await self._db.find("dead_letters", {"group": GROUP, **condition}, sort=newest, limit=limit)
        heard = await self._db.find("refusals", condition, sort=newest, limit=limit)
        both = sorted([*letters, *heard], key=lambda row: (row["at"], row["_id"]), reverse=True)
        return both[:limit]
