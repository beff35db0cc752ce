"""What other systems sent and was refused: dead letters of the intake topic and refused events of the HTTP door."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from shared.mongo import Database, Document

GROUP = "monitoring.intake"
# A list is made without what was sent, which may be a megabyte each.
LISTED = ("source", "event", "code", "message", "errors", "state", "at", "topic", "partition", "offset")


class Refusals:
    """Both kinds as one list, newest first."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def page(
        self, *, sources: Collection[str] | None, code: str | None, place: Sequence[Any] | None, limit: int
    ) -> list[Document]:
        """Rows of some sources (None: of all), of a code if named, behind a place; without what was sent."""
        condition: dict[str, Any] = {}
        if sources is not None:
            condition["source"] = {"$in": sorted(sources)}
        if code is not None:
            condition["code"] = code
        if place is not None:
            at = datetime.fromisoformat(place[0])
            condition["$or"] = [{"at": {"$lt": at}}, {"at": at, "_id": {"$lt": place[1]}}]
        newest = [("at", -1), ("_id", -1)]
        of_topic = {"group": GROUP, **condition}
        letters = await self._db.find("dead_letters", of_topic, fields=LISTED, sort=newest, limit=limit)
        heard = await self._db.find("refusals", condition, fields=LISTED, sort=newest, limit=limit)
        both = sorted([*letters, *heard], key=lambda row: (row["at"], row["_id"]), reverse=True)
        return both[:limit]
