"""What changes rarely: editions of the methodology, published periods, the read models of names."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.scoring.domain.mirror import Overtaken
from services.scoring.domain.names import Municipality, municipality_from
from services.scoring.domain.news import indicator_names
from shared.mongo import Database, Document, ReplaceOne, Tx, UpdateOne

EDITIONS, NAMES, PUBLICATIONS = "editions", "names", "publications"


class RegisterStore:
    """Reads and writes registers; each change is noted in `meta`, which other processes watch."""

    _db: Database

    async def editions(self) -> tuple[int, list[Document]]:
        """The number of editions loaded so far, and their documents; the number is never ahead of them."""
        await self._db.write("meta", [UpdateOne({"_id": EDITIONS}, {"$setOnInsert": {"n": 0}}, upsert=True)])
        counted = await self._db.find_one("meta", {"_id": EDITIONS})
        rows = await self._db.find("methodologies", {}, sort=[("_id", 1)])
        return int(counted["n"]) if counted else 0, rows

    async def put_edition(self, methodology: str, document: Mapping[str, Any], *, at: datetime, number: int) -> None:
        """Store an edition beside the `number` known ones; Overtaken when there are others meanwhile."""
        row = {"_id": methodology, "document": dict(document), "at": at}

        async def body(tx: Tx) -> None:
            counted = UpdateOne({"_id": EDITIONS, "n": number}, {"$inc": {"n": 1}})
            if not await tx.write("meta", [counted]):
                raise Overtaken("an edition was loaded")
            await tx.write("methodologies", [ReplaceOne({"_id": methodology}, row, upsert=True)])

        await self._db.transact(body)

    async def published(self) -> set[str]:
        """The periods whose live rating is public."""
        return {row["_id"] for row in await self._db.find("published_periods", {"public": True})}

    async def publish(self, period: str, *, public: bool, act: str, at: datetime) -> None:
        """Open or close a period's live rating."""
        row = {"_id": period, "public": public, "act": act, "at": at}

        async def body(tx: Tx) -> None:
            await tx.write("published_periods", [ReplaceOne({"_id": period}, row, upsert=True)])
            await note(tx, PUBLICATIONS)

        await self._db.transact(body)

    async def municipalities(self) -> list[Municipality]:
        """The read model of municipalities."""
        return [municipality_from(row) for row in await self._db.find("municipalities", {})]

    async def indicators(self) -> dict[str, dict[str, str]]:
        """Names of indicators by procedure and key; none where only the procedure's name was kept."""
        return {row["_id"]: indicator_names(row) for row in await self._db.find("procedures", {})}

    async def procedures(self) -> dict[str, str]:
        """Names of procedures by key."""
        return {row["_id"]: row["name"] for row in await self._db.find("procedures", {})}

    async def changed_registers(self) -> AsyncIterator[None]:
        """A hint whenever a register may have changed, also by this process, and when the watch begins anew."""
        match = {"$or": [{"operationType": "insert"}, {"updateDescription.updatedFields.n": {"$exists": True}}]}
        async for _ in self._db.watch("meta", match=match):
            yield None


async def keep_names(
    tx: Tx, *, municipalities: Sequence[Municipality], procedures: Sequence[Mapping[str, Any]]
) -> None:
    """Keep the newest state of each, unless the stored one is not older."""
    kept = await _keep(tx, "municipalities", [one.document() for one in municipalities], whole="succession")
    kept += await _keep(tx, "procedures", procedures)
    if kept:
        await note(tx, NAMES)


async def _keep(tx: Tx, collection: str, documents: Sequence[Mapping[str, Any]], *, whole: str = "revision") -> int:
    """Keep those that are newer, and those that were kept before the field `whole` was kept."""
    newest = {one["_id"]: one for one in sorted(documents, key=lambda one: int(one["revision"]))}
    if not newest:
        return 0
    rows = await tx.find(collection, {"_id": {"$in": list(newest)}}, fields=["revision", whole])
    there = {row["_id"]: int(row["revision"]) for row in rows if whole in row}
    fresh = [one for one in newest.values() if there.get(one["_id"], -1) < one["revision"]]
    return await tx.write(collection, [ReplaceOne({"_id": one["_id"]}, dict(one), upsert=True) for one in fresh])


async def note(tx: Tx, register: str) -> None:
    """Let other processes read a register again."""
    await tx.write("meta", [UpdateOne({"_id": register}, {"$inc": {"n": 1}}, upsert=True)])
