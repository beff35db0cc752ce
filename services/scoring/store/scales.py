"""Scales of periods and their told moves: a scale is written only over the version that was decided on."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Any

from services.scoring.domain.mirror import Overtaken
from services.scoring.domain.rescaling import ScaleTurn
from services.scoring.domain.scale import Scale, scale_from
from shared.mongo import Database, Document, InsertOne, ReplaceOne, Tx

Find = Callable[..., Awaitable[list[Document]]]


async def scales_of(find: Find, periods: Collection[str] | None) -> dict[str, Scale]:
    """The stored scales of these periods, or all."""
    if periods is not None and not periods:
        return {}
    where = {} if periods is None else {"_id": {"$in": sorted(periods)}}
    return {row["_id"]: scale_from(row) for row in await find("scales", where)}


async def put_scales(tx: Tx, turns: Sequence[ScaleTurn]) -> None:
    """Write scales, keep their moves and put these into the outbox; Overtaken where a scale is another one by now."""
    operations = [_write_of(turn) for turn in turns]
    if await tx.write("scales", operations) != len(operations):
        raise Overtaken("a scale was written by somebody else")
    await tx.insert("scale_moves", [move for turn in turns if (move := turn.document()) is not None])
    for turn in turns:
        if turn.told is not None:
            tx.tell(turn.told, turn.cause)


def _write_of(turn: ScaleTurn) -> InsertOne[Document] | ReplaceOne[Document]:
    document = turn.after.document()
    if not turn.before.version:
        return InsertOne(document)
    return ReplaceOne({"_id": turn.before.period, "version": turn.before.version}, document)


class ScaleStore:
    """Reads the told moves of scales."""

    _db: Database

    async def scale_moves(self, period: str) -> Sequence[Mapping[str, Any]]:
        """The moves of a period without their differences, the latest first."""
        fields = ["period", "number", "methodology", "moved", "moved_count", "scores_changed", "data_at", "quiet"]
        return await self._db.find("scale_moves", {"period": period}, fields=fields, sort=[("number", -1)])

    async def scale_move(self, period: str, number: int) -> Mapping[str, Any] | None:
        """One move with the scores that changed by it."""
        return await self._db.find_one("scale_moves", {"_id": f"{period}|{number}"})
