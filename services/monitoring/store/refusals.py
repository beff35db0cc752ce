"""What other systems sent and was refused: dead letters of the intake topic and refused events of the HTTP door."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from shared.mongo import Database, Document, Tx

GROUP = "monitoring.intake"
# A list is made without what was sent, which may be a megabyte each.
LISTED = ("source", "event", "code", "message", "errors", "state", "at", "topic", "partition", "offset")
# So many refused events of one client are kept within a day: a client that goes on and on must not fill the disk.
DAILY = 2_000
# The sources that a system speaks for, and its client.
Own = tuple[Collection[str], str]


class Refusals:
    """Both kinds as one list, newest first."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def page(
        self, *, own: Own | None, source: str | None, code: str | None, place: Sequence[Any] | None, limit: int
    ) -> list[Document]:
        """Rows of a system's own (None: of all) behind a place, of a source and a code if named; not what was sent."""
        named = (("source", source), ("code", code))
        asked: list[Document] = [{name: value} for name, value in named if value is not None]
        if place is not None:
            at = datetime.fromisoformat(place[0])
            asked.append({"$or": [{"at": {"$lt": at}}, {"at": at, "_id": {"$lt": place[1]}}]})
        told, sent = _own_only(own)
        letters = await self._newest("dead_letters", [{"group": GROUP}, *asked, *told], limit)
        heard = await self._newest("refusals", [*asked, *sent], limit)
        both = sorted([*letters, *heard], key=lambda row: (row["at"], row["_id"]), reverse=True)
        return both[:limit]

    async def _newest(self, collection: str, conditions: Sequence[Document], limit: int) -> list[Document]:
        where = {"$and": list(conditions)} if conditions else {}
        newest = [("at", -1), ("_id", -1)]
        return await self._db.find(collection, where, fields=LISTED, sort=newest, limit=limit)


async def keep_refused(tx: Tx, rows: Sequence[Document]) -> None:
    """Keep what one client sent in one request and was refused, as far as there is room; its report names them all."""
    if not rows:
        return
    today = {"client": rows[0]["client"], "at": {"$gt": tx.now - timedelta(days=1)}}
    kept = await tx.find("refusals", today, fields=["_id"], limit=DAILY)
    await tx.insert("refusals", rows[: DAILY - len(kept)])


def _own_only(own: Own | None) -> tuple[list[Document], list[Document]]:
    """Conditions on dead letters, of which only the source is known, and on what a client sent over HTTP."""
    if own is None:
        return [], []
    sources, client = own
    told = {"source": {"$in": sorted(sources)}}
    return [told], [{"$or": [told, {"client": client}]}]
