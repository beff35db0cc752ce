"""What others told, and what is drafted because of it, kept together with how far the batch reaches."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from services.roadmap.domain import (
    DRAFTED,
    Draft,
    Municipality,
    Recommendation,
    ScoreTold,
    bearer,
    drafts,
    moved,
    newest,
    news,
    recover,
    with_deadlines,
)
from services.roadmap.events import RecommendationDrafted
from services.roadmap.store.documents import MUNICIPALITY, RECOMMENDATION, SCORE
from services.roadmap.store.plans import standing_of
from shared.batch import Batch
from shared.calendar import day_of
from shared.mongo import Database, Tx


class FollowingStore:
    """Read models of municipalities, how far scores were told, and the drafts that follow from them."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def follow(
        self, municipalities: Sequence[Municipality], told: Sequence[ScoreTold], *, batch: Batch[Any]
    ) -> list[str]:
        """Write the newest of both and the drafts with the batch's progress; the ids of new drafts."""

        async def body(tx: Tx) -> list[str]:
            if municipalities:
                await _follow_municipalities(tx, municipalities)
            return await _follow_scores(tx, told) if told else []

        return await self._db.transact(body, batch=batch)

    async def municipality(self, named: str, day: date) -> Municipality | None:
        """The municipality that an id or an OKTMO code means on a day."""
        older = ({"codes": named}, {"oktmo": named})
        found = await self._db.find(
            MUNICIPALITY.collection, {"$or": [{"_id": named}, {"history.oktmo": named}, *older]}
        )
        return bearer(map(MUNICIPALITY.state, found), named, day)

    async def named(self, ids: Sequence[str]) -> dict[str, Municipality]:
        """The municipalities of these ids, as far as they were told of."""
        found = await self._db.find(MUNICIPALITY.collection, {"_id": {"$in": sorted(set(ids))}}) if ids else []
        return {row["_id"]: MUNICIPALITY.state(row) for row in found}

    async def of_region(self, region: str) -> list[Municipality]:
        """All municipalities of a region that were told of."""
        return [MUNICIPALITY.state(row) for row in await self._db.find(MUNICIPALITY.collection, {"region": region})]


async def _follow_municipalities(tx: Tx, heard: Sequence[Municipality]) -> None:
    found = await tx.find(MUNICIPALITY.collection, {"_id": {"$in": sorted({one.id for one in heard})}})
    changed = newest({row["_id"]: MUNICIPALITY.state(row) for row in found}, heard)
    tx.put(MUNICIPALITY.collection, [MUNICIPALITY.put(one) for one in changed.values()])


async def _follow_scores(tx: Tx, told: Sequence[ScoreTold]) -> list[str]:
    heard = [one.score for one in told]
    found = await tx.find(SCORE.collection, {"_id": {"$in": sorted({one.id for one in heard})}})
    stored = {row["_id"]: SCORE.state(row) for row in found}
    changed = newest(stored, heard)
    tx.put(SCORE.collection, [SCORE.put(one) for one in changed.values()])
    return await _draft(tx, news(stored, told))


async def _draft(tx: Tx, fresh: Sequence[ScoreTold]) -> list[str]:
    """Keep and tell what a fallen level calls for; mark drafts while their level is back."""
    new = await _with_deadlines(tx, drafts(fresh, tx.now))
    made = {one.recommendation.id: one.recommendation for one in new}
    marked = await _recovered(tx, fresh, made.values())
    kept = {**made, **{one.id: one for one in marked}}
    tx.put(RECOMMENDATION.collection, [RECOMMENDATION.put(one) for one in kept.values()])
    for one in new:
        tx.tell(one.recommendation.told(RecommendationDrafted), one.cause)
    return list(made)


async def _recovered(tx: Tx, fresh: Sequence[ScoreTold], made: Iterable[Recommendation]) -> list[Recommendation]:
    moves = moved(fresh)
    if not moves:
        return []
    whose = sorted({told.municipality for told, _ in moves})
    when = sorted({told.period for told, _ in moves})
    where = {"state": DRAFTED, "municipality": {"$in": whose}, "period": {"$in": when}}
    stored = [RECOMMENDATION.state(row) for row in await tx.find(RECOMMENDATION.collection, where)]
    return recover([*stored, *made], moves)


async def _with_deadlines(tx: Tx, drafted: Sequence[Draft]) -> list[Draft]:
    """Four reads for a whole batch, however many levels fell in it."""
    if not drafted:
        return []
    whose = {one.recommendation.municipality for one in drafted}
    rows = await tx.find(MUNICIPALITY.collection, {"_id": {"$in": sorted(whose)}})
    today = day_of(tx.now)
    standing = await standing_of(tx, [MUNICIPALITY.state(row) for row in rows], today)
    return [with_deadlines(one, standing.get(one.recommendation.municipality, []), today) for one in drafted]
