"""Recommendations: pages within a reader's scope, and each step of a person with what it tells."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.roadmap.domain import Recommendation
from services.roadmap.store.documents import RECOMMENDATION
from shared.kernel import Cause, Change, Repeat
from shared.mongo import Database, Tx
from shared.mongo.once import Answer, once

Decide = Callable[[Recommendation | None, datetime], Change[Recommendation]]


class AdviceStore:
    """Reads and changes of recommendations."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def page(
        self, condition: Mapping[str, Any], *, place: Sequence[Any] | None, limit: int
    ) -> list[Recommendation]:
        """Newest first; `place` is where the page before ended."""
        wanted = dict(condition)
        if place is not None:
            at = datetime.fromisoformat(place[0])
            wanted["$or"] = [{"at": {"$lt": at}}, {"at": at, "_id": {"$lt": place[1]}}]
        found = await self._db.find(RECOMMENDATION.collection, wanted, sort=[("at", -1), ("_id", -1)], limit=limit)
        return [RECOMMENDATION.state(row) for row in found]

    async def one(self, recommendation: str) -> Recommendation | None:
        """The recommendation of this id."""
        row = await self._db.find_one(RECOMMENDATION.collection, {"_id": recommendation})
        return RECOMMENDATION.state(row) if row else None

    async def change(
        self, recommendation: str, decide: Decide, *,
        cause: Cause, repeat: Repeat | None, answer: Callable[[Recommendation, bool], Answer],
    ) -> Answer:  # fmt: skip
        """Keep the next state of a recommendation and tell it; a decision without events changed nothing."""

        async def body(tx: Tx) -> Answer:
            row = await tx.find_one(RECOMMENDATION.collection, {"_id": recommendation})
            change = decide(RECOMMENDATION.state(row) if row else None, tx.now)
            if change.events:
                await tx.write(RECOMMENDATION.collection, [RECOMMENDATION.put(change.state)])
            for event in change.events:
                tx.tell(event, cause)
            return answer(change.state, bool(change.events))

        return await once(self._db, body, repeat)

    async def by_state(self) -> dict[str, int]:
        """How many there are in each state."""
        counted = await self._db.aggregate(
            RECOMMENDATION.collection, [{"$group": {"_id": "$state", "count": {"$sum": 1}}}]
        )
        return {row["_id"]: int(row["count"]) for row in counted}
