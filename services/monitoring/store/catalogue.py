"""The directory's things, and the number of their last change by which every process follows the others."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from typing import Any

from services.monitoring.domain import Directory, Municipality, Organization, Procedure, Source
from services.monitoring.store import documents
from shared.batch import Batch
from shared.kernel import Cause, Change
from shared.mongo import Database, Document, ReplaceOne, Tx, UpdateOne
from shared.mongo.journal import journal

KINDS: Mapping[str, Callable[[Document], Any]] = {
    "procedures": documents.read_procedure,
    "sources": documents.read_source,
    "municipalities": documents.read_municipality,
    "organizations": documents.read_organization,
}


class Catalogue:
    """Procedures, sources, municipalities and organisations."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._reached: dict[str, int] = dict.fromkeys(KINDS, 0)

    async def put_procedure(
        self,
        key: str,
        decide: Callable[[Procedure | None, Mapping[str, str]], Change[Procedure]],
        *,
        stake: Callable[[Procedure | None], Collection[str]],
        cause: Cause,
    ) -> Change[Procedure]:
        """Decide over a procedure in a transaction and tell what it says.

        Decided with a result for each indicator at stake that one has a value of: of the first result found, since
        results name all indicators. A first value that is recorded in this very moment is not seen: guarding it
        would make all results of a procedure wait for one another.
        """

        async def body(tx: Tx) -> Change[Procedure]:
            found = await tx.find_one("procedures", {"_id": key})
            current = documents.read_procedure(found) if found else None
            change = decide(current, await _held(tx, key, stake(current)))
            if change.events:
                await journal(tx, "procedures", [key])
                n = await _count(tx, "procedures")
                row = documents.procedure_document(change.state, n)
                await tx.write("procedures", [ReplaceOne({"_id": key}, row, upsert=True)])
            for event in change.events:
                tx.tell(event, cause)
            return change

        return await self._db.transact(body)

    async def put_source(self, key: str, decide: Callable[[Source | None], Change[Source]]) -> tuple[Source, bool]:
        """Decide over a source in a transaction; says whether it was new."""

        async def body(tx: Tx) -> tuple[Source, bool]:
            found = await tx.find_one("sources", {"_id": key})
            before = documents.read_source(found) if found else None
            after = decide(before).state
            if after != before:
                await journal(tx, "sources", [key])
                row = documents.source_document(after, await _count(tx, "sources"))
                await tx.write("sources", [ReplaceOne({"_id": key}, row, upsert=True)])
            return after, before is None

        return await self._db.transact(body)

    async def learn(
        self,
        batch: Batch[Any],
        municipalities: Sequence[Municipality],
        organizations: Sequence[Organization],
    ) -> None:
        """Store newer states of the registry's things; an older or equal revision changes nothing."""

        async def body(tx: Tx) -> None:
            await _keep_newer(tx, "municipalities", municipalities, documents.municipality_document)
            await _keep_newer(tx, "organizations", organizations, documents.organization_document)

        await self._db.transact(body, batch=batch)

    async def refresh(self, directory: Directory) -> None:
        """Bring a directory to what is stored by now."""
        rows = await self._db.find("directory_changes", {})
        for row in rows:
            kind, n = row["_id"], int(row["n"])
            if kind not in KINDS or n <= self._reached[kind]:
                continue
            read = KINDS[kind]
            found = [read(one) async for one in self._db.stream(kind, {"n": {"$gt": self._reached[kind]}})]
            directory.learn(**{kind: found})
            self._reached[kind] = n

    async def look_up(
        self,
        directory: Directory,
        *,
        procedures: Collection[str],
        sources: Collection[str],
        municipalities: Collection[str],
        organizations: Collection[str],
    ) -> None:
        """Read named things afresh, so that nothing is refused only because this process had not heard of it."""
        asked: dict[str, dict[str, Any] | None] = {
            "procedures": {"_id": {"$in": sorted(procedures)}} if procedures else None,
            "sources": {"_id": {"$in": sorted(sources)}} if sources else None,
            "organizations": {"_id": {"$in": sorted(organizations)}} if organizations else None,
        }
        if names := sorted(municipalities):
            asked["municipalities"] = {"$or": [{"_id": {"$in": names}}, {"history.oktmo": {"$in": names}}]}
        for kind, condition in asked.items():
            if condition is not None:
                found = [KINDS[kind](row) for row in await self._db.find(kind, condition)]
                directory.learn(**{kind: found})

    async def changes(self) -> AsyncIterator[None]:
        """Something was changed, here or by another process; the first item comes when the watch is open."""
        async for _ in self._db.watch("directory_changes"):
            yield None


async def _held(tx: Tx, procedure: str, indicators: Collection[str]) -> dict[str, str]:
    """The id of a result by indicator, where one has values of these; withdrawn results have none."""
    if not indicators:
        return {}
    valued = [{f"values.{key}": {"$ne": None}} for key in indicators]
    rows = await tx.find("results", {"procedure": procedure, "$or": valued}, fields=["values"], limit=1)
    return {key: row["_id"] for row in rows for key in indicators if row["values"].get(key) is not None}


async def _count(tx: Tx, kind: str) -> int:
    n = await tx.next_number(f"directory:{kind}")
    await tx.write("directory_changes", [UpdateOne({"_id": kind}, {"$set": {"n": n}}, upsert=True)])
    return n


async def _keep_newer(
    tx: Tx,
    kind: str,
    things: Sequence[Any],
    document: Callable[[Any, int], Document],
) -> None:
    newest: dict[str, Any] = {}
    for thing in things:
        known = newest.get(thing.id)
        if known is None or thing.revision > known.revision:
            newest[thing.id] = thing
    if not newest:
        return
    rows = await tx.find(kind, {"_id": {"$in": sorted(newest)}}, fields=["revision"])
    stored = {row["_id"]: int(row["revision"]) for row in rows}
    newer = [thing for thing in newest.values() if thing.revision > stored.get(thing.id, 0)]
    if newer:
        n = await _count(tx, kind)
        await tx.write(kind, [ReplaceOne({"_id": thing.id}, document(thing, n), upsert=True) for thing in newer])
