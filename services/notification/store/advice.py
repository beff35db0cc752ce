"""Recommendations as last told, found by the items that they belong to; either of the two may come first."""

from collections.abc import Sequence

from services.notification.domain import AdviceFact, Item, issued_of, newest_advice
from services.notification.domain.advice import OPEN
from shared.mongo import Database, ReplaceOne, Tx

COLLECTION = "recommendations"
MOST = 500


async def keep_advice(tx: Tx, facts: Sequence[AdviceFact], by: str) -> set[str]:
    """Keep the newest revision of each, and say which were known before; what is known changes nothing."""
    if not facts:
        return set()
    found = await tx.find(COLLECTION, {"_id": {"$in": sorted({one.id for one in facts})}}, fields=["revision"])
    known = {row["_id"]: int(row["revision"]) for row in found}
    fresh = newest_advice(facts, known)
    rows = [{"_id": one.id, "item": one.item, **one.document(), "by": by} for one in fresh]
    tx.put(COLLECTION, [ReplaceOne({"_id": row["_id"]}, row, upsert=True) for row in rows])
    return set(known)


async def advice_for(database: Database, items: Sequence[Item]) -> list[AdviceFact]:
    """Those that follow from these items, and the open ones of the same municipalities (the newest few hundred)."""
    if not items:
        return []
    whose = sorted({item.fact.municipality for item in items})
    own = {"item": {"$in": [item.id for item in items]}}
    still_open = {"municipality": {"$in": whose}, "state": {"$in": list(OPEN)}, "item": {"$nin": own["item"]["$in"]}}
    newest = [("score_revision", -1), ("_id", 1)]
    rows = await database.find(COLLECTION, own)
    if issued := issued_of(item.fact for item in items):
        rows += await database.find(COLLECTION, {"_id": {"$in": issued}, "item": {"$nin": own["item"]["$in"]}})
        still_open["_id"] = {"$nin": issued}
    rows += await database.find(COLLECTION, still_open, sort=newest, limit=MOST)
    return [AdviceFact.of(row) for row in rows]
