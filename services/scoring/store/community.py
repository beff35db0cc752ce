"""Items of the expert community: each change decided beside the others of its year, one at a time."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from services.scoring.domain.community import HeldResult, Item
from services.scoring.store.documents import item_document, item_key, read_item
from services.scoring.store.facts import OWN
from shared.mongo import Database, Document, ReplaceOne, Tx

# Of each result the last revision; in each place what counts: in force, recorded last (as `placing.place` has it).
_TOLD = ("result", "revision", "recorded_at", "municipality", "procedure", "period", "source", "occurred_at")
_SLIM = {**dict.fromkeys(_TOLD, 1), "values": {"$type": "$values"}, "not_applicable": {"$type": "$not_applicable"}}
_LAST = {"_id": "$result", "one": {"$top": {"sortBy": {"revision": -1}, "output": "$$ROOT"}}}
_PLACE = {"municipality": "$municipality", "procedure": "$procedure", "period": "$period"}
_COUNTING = {"_id": _PLACE, "one": {"$top": {"sortBy": {"recorded_at": -1, "result": -1}, "output": "$$ROOT"}}}
_IN_FORCE = {"$or": [{"values": "object"}, {"not_applicable": "object"}]}
Decide = Callable[[Item | None, Sequence[Item]], Item]


class CommunityStore:
    """Reads and changes items."""

    _db: Database

    async def community_items(self, year: int, *, municipality: str | None = None) -> list[Item]:
        """The items of a year (of a municipality), withdrawn ones too, by id."""
        where: dict[str, Any] = {"year": year} | ({"municipality": municipality} if municipality else {})
        return [read_item(row) for row in await self._db.find("community_items", where, sort=[("_id", 1)])]

    async def community_item(self, municipality: str, item: str) -> Item | None:
        """One item, whatever its year."""
        row = await self._db.find_one("community_items", {"_id": item_key(municipality, item)})
        return read_item(row) if row else None

    async def change_item(
        self, municipality: str, item: str, decide: Decide, *, year: int | None = None
    ) -> tuple[Item | None, Item]:
        """The item before and after a decision, which is also given the municipality's items of the year.

        The counter makes writers of one municipality follow one another: two cannot both be the first.
        """

        async def body(tx: Tx) -> tuple[Item | None, Item]:
            row = await tx.find_one("community_items", {"_id": item_key(municipality, item)})
            before = read_item(row) if row else None
            beside = {"municipality": municipality, "year": year}
            others = [] if year is None else [read_item(one) for one in await tx.find("community_items", beside)]
            after = decide(before, others)
            if after is not before:
                await tx.next_number(f"community:{municipality}")
                document = item_document(after)
                await tx.write("community_items", [ReplaceOne({"_id": document["_id"]}, document, upsert=True)])
            return before, after

        return await self._db.transact(body)

    async def held_results(self, periods: Sequence[str], *, municipality: str | None = None) -> list[HeldResult]:
        """The results in force of these periods (of a municipality), one of each procedure and period."""
        where = {**OWN, "period": {"$in": list(periods)}} | ({"municipality": municipality} if municipality else {})
        steps: list[dict[str, Any]] = [
            {"$match": where},
            {"$project": _SLIM},
            {"$group": _LAST},
            {"$replaceWith": "$one"},
            {"$match": _IN_FORCE},
            {"$group": _COUNTING},
            {"$replaceWith": "$one"},
            {"$match": {"values": "object"}},
        ]
        return [_held(row) for row in await self._db.aggregate("facts", steps)]


def _held(row: Document) -> HeldResult:
    told = {name: row[name] for name in HeldResult._fields}
    return HeldResult(**{**told, "occurred_at": datetime.fromisoformat(told["occurred_at"])})
