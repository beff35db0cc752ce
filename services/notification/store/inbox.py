"""The inbox: items within a scope, and what a person has read of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.notification.domain import READ_BY_AGE, AdviceFact, Asked, Item, Mark, Reader, Step, reached, read_at
from services.notification.store.advice import advice_for
from services.notification.store.rows import item_of, listed, mark_of, steps_of, within
from shared.mongo import Database, DeleteMany, ReplaceOne, Tx, UpdateOne
from shared.policy import Scope

STEPS_KEPT = 100


class InboxStore:
    """Items and read marks."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def items(self, scope: Scope, asked: Asked) -> list[Item]:
        """Items of the scope, newest first."""
        condition: dict[str, Any] = {}
        if asked.kind is not None:
            condition["kind"] = asked.kind
        if asked.period is not None:
            condition["period"] = asked.period
        if asked.since is not None:
            condition["created_at"] = {"$gte": asked.since}
        if asked.before is not None:
            condition["n"] = {"$lt": asked.before}
        found = await self._db.find(
            "items", listed(scope, condition, asked.municipality), sort=[("n", -1)], limit=asked.limit
        )
        return [item_of(row) for row in found]

    async def advice(self, items: Sequence[Item]) -> list[AdviceFact]:
        """Recommendations that these items name."""
        return await advice_for(self._db, items)

    async def marks(self, subject: str, items: Sequence[str]) -> dict[str, Mark]:
        """The person's marks on these items."""
        if not items:
            return {}
        found = await self._db.find("marks", {"_id": {"$in": [f"{subject}|{item}" for item in items]}})
        return {row["item"]: mark_of(row) for row in found}

    async def steps(self, reader: Reader) -> list[Step]:
        """Up to where the person marked everything as read, and when; at the end what is read by its age."""
        mine = steps_of(await self._db.find_one("readers", {"_id": reader.id}))
        return [*mine, *await _by_age(self._db, self._db.mongo.clock())]

    async def unread(self, reader: Reader, municipality: str | None, upto: int) -> int:
        """How many items are not read, where everything up to `upto` was read but for single marks."""
        mine = {"subject": reader.subject}
        above, below = {"n": {"$gt": upto}}, {"n": {"$lte": upto}}
        items = await self._db.count("items", listed(reader.scope, above, municipality))
        read = listed(reader.scope, {**mine, **above, "read_at": {"$ne": None}}, municipality)
        taken_back = listed(reader.scope, {**mine, **below, "read_at": None}, municipality)
        return items - await self._db.count("marks", read) + await self._db.count("marks", taken_back)

    async def mark(self, reader: Reader, item: str, *, read: bool) -> tuple[Item, datetime | None] | None:
        """Mark an item as read, or take that back; the item and when it was read, None where there is no such item.

        An item that is already so stays as it is.
        """

        async def body(tx: Tx) -> tuple[Item, datetime | None] | None:
            row = await tx.find_one("items", within(reader.scope, {"_id": item}))
            if row is None:
                return None
            mark_id = f"{reader.subject}|{item}"
            held = await tx.find_one("marks", {"_id": mark_id})
            mine = steps_of(await tx.find_one("readers", {"_id": reader.id}))
            steps = [*mine, *await _by_age(tx, tx.now)]
            before = read_at(row["n"], mark_of(held) if held else None, steps)
            if (before is not None) == read:
                return item_of(row), before
            after = tx.now if read else None
            new = {
                "_id": mark_id,
                "subject": reader.subject,
                "item": item,
                "n": row["n"],
                "municipality": row["municipality"],
                "digest": row.get("digest"),
                "read_at": after,
            }
            await tx.write("marks", [ReplaceOne({"_id": mark_id}, new, upsert=True)])
            return item_of(row), after

        return await self._db.transact(body)

    async def mark_up_to(self, reader: Reader, item: str) -> bool:
        """Mark this item and every older one of the scope as read; False where there is no such item."""

        async def body(tx: Tx) -> bool:
            row = await tx.find_one("items", within(reader.scope, {"_id": item}))
            if row is None:
                return False
            upto = row["n"]
            taken_back = {"subject": reader.subject, "n": {"$lte": upto}, "read_at": None}
            await tx.write("marks", [DeleteMany(within(reader.scope, taken_back))])
            if upto > reached(steps_of(await tx.find_one("readers", {"_id": reader.id}))):
                step = {"$each": [{"n": upto, "at": tx.now}], "$slice": -STEPS_KEPT}
                change = {"$push": {"steps": step}, "$set": {"changed_at": tx.now}}
                await tx.write("readers", [UpdateOne({"_id": reader.id}, change, upsert=True)])
            return True

        return await self._db.transact(body)


async def _by_age(db: Database | Tx, now: datetime) -> list[Step]:
    """What is old counts as read from that age on, by everybody: marks of it may have ended."""
    old = {"created_at": {"$lte": now - READ_BY_AGE}}
    for one in await db.find("items", old, fields=["created_at"], sort=[("created_at", -1)], limit=1):
        # Those of one batch have one time.
        [last] = await db.find("items", {"created_at": one["created_at"]}, fields=["n"], sort=[("n", -1)], limit=1)
        return [Step(last["n"], one["created_at"] + READ_BY_AGE)]
    return []
