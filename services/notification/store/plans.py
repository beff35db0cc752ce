"""Activities of road maps and what municipalities have left to do of them, as last told."""

from collections.abc import AsyncIterator, Sequence

from services.notification.domain import PlanFact, newest_plans, plan_document, plan_of
from shared.mongo import Database, Document, ReplaceOne, Tx

COLLECTION = "activities"


async def keep_plans(tx: Tx, facts: Sequence[PlanFact], by: str) -> None:
    """Keep the newest revision of each; what is known changes nothing."""
    if not facts:
        return
    found = await tx.find(COLLECTION, {"_id": {"$in": sorted({one.id for one in facts})}}, fields=["revision"])
    fresh = newest_plans(facts, {row["_id"]: int(row["revision"]) for row in found})
    rows = [{"_id": one.id, **plan_document(one), "by": by} for one in fresh]
    tx.put(COLLECTION, [ReplaceOne({"_id": row["_id"]}, row, upsert=True) for row in rows])


async def all_plans(database: Database) -> list[PlanFact]:
    """Everything that is known: some rows for each activity, and one more for each municipality that reported."""
    return [plan_of(row) for row in await database.find(COLLECTION, {})]


async def foreign_rows(database: Database, collection: str) -> AsyncIterator[Document | None]:
    """Each row that another process stored; None whenever the watch begins anew, so that all is to be read."""
    match = {"operationType": {"$in": ["insert", "replace"]}, "fullDocument.by": {"$ne": database.mongo.by}}
    async for change in database.watch(collection, match=match):
        yield change.get("fullDocument")
