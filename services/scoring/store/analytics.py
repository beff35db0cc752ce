"""Analytics documents: versions side by side, each change from the revision that was read, what is told with it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.scoring.domain.analytics import Document
from services.scoring.domain.facts import Fact, fact_from
from services.scoring.store.documents import analytics_document, read_analytics
from shared.kernel import Cause, Change, Repeat
from shared.mongo import Database, DuplicateKeyError, InsertOne, ReplaceOne, Tx
from shared.mongo.once import Answer, once

DOCUMENTS = "analytics_documents"
DecideVersion = Callable[[Sequence[Document]], Document]
DecideDocument = Callable[[Document | None], Change[Document]]


class AnalyticsStore:
    """Reads and changes documents."""

    _db: Database

    async def analytics_document(self, document: str) -> Document | None:
        """One version."""
        row = await self._db.find_one(DOCUMENTS, {"_id": document})
        return read_analytics(row) if row else None

    async def analytics_page(
        self, condition: Mapping[str, Any], *, place: Sequence[Any] | None, limit: int
    ) -> list[Document]:
        """The latest period first, of a procedure the newest version; no content. `place`: these three of the last."""
        where = dict(condition)
        if place is not None:
            period, procedure, version = place
            where["$or"] = [
                {"period": {"$lt": period}},
                {"period": period, "procedure": {"$gt": procedure}},
                {"period": period, "procedure": procedure, "version": {"$lt": version}},
            ]
        whole = ("procedure", "period", "version", "state", "revision", "reason", "before", "created_at", "created_by")
        fields = [*whole, "frozen.digest", "frozen.as_of", "frozen.by"]
        order = [("period", -1), ("procedure", 1), ("version", -1)]
        rows = await self._db.find(DOCUMENTS, where, fields=fields, sort=order, limit=limit)
        return [read_analytics({"texts": {}, "frozen": None} | _without_content(row)) for row in rows]

    async def draft_document(
        self,
        procedure: str,
        period: str,
        decide: DecideVersion,
        *,
        answer: Callable[[Document], Answer],
        repeat: Repeat | None,
    ) -> Answer:
        """Keep the next version that a decision makes of those there are; of two at once the second decides anew."""

        async def body(tx: Tx) -> Answer:
            rows = await tx.find(DOCUMENTS, {"procedure": procedure, "period": period})
            made = decide([read_analytics(row) for row in rows])
            await tx.write(DOCUMENTS, [InsertOne(analytics_document(made))])
            return answer(made)

        try:
            return await once(self._db, body, repeat)
        except DuplicateKeyError:
            return await once(self._db, body, repeat)

    async def change_document(self, document: str, decide: DecideDocument, *, cause: Cause) -> Document:
        """Keep what a decision makes of a version, and tell what it tells."""

        async def body(tx: Tx) -> Document:
            row = await tx.find_one(DOCUMENTS, {"_id": document})
            before = read_analytics(row) if row else None
            change = decide(before)
            if change.state is not before:
                await tx.write(DOCUMENTS, [ReplaceOne({"_id": document}, analytics_document(change.state))])
            for event in change.events:
                tx.tell(event, cause)
            return change.state

        return await self._db.transact(body)

    async def facts_of_procedure(self, procedure: str, period: str, *, until: str) -> list[Fact]:
        """The facts of municipalities in a procedure and period, recorded until an instant (`instant_text`)."""
        where = {
            "period": period,
            "municipality": {"$exists": True},
            "organization": {"$exists": False},
            "procedure": procedure,
            "recorded_at": {"$lte": until},
        }
        return [fact_from(row) for row in await self._db.find("facts", where)]


def _without_content(row: Mapping[str, Any]) -> dict[str, Any]:
    frozen = row.get("frozen")
    return {**row, "frozen": {"content": "", **frozen} if frozen else None}
