"""Scales of leagues and their told moves: a scale is written only over the version that was decided on."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Any

from services.scoring.domain.league import League
from services.scoring.domain.mirror import Overtaken
from services.scoring.domain.rescaling import ScaleTurn
from services.scoring.domain.scale import Scale
from services.scoring.store.documents import move_document, read_scale, scale_document
from shared.mongo import Database, Document, InsertOne, ReplaceOne, Tx

Find = Callable[..., Awaitable[list[Document]]]


async def scales_of(find: Find, leagues: Collection[League] | None, *, home: str) -> dict[League, Scale]:
    """The stored scales of these leagues, or all."""
    if leagues is not None and not leagues:
        return {}
    where = {} if leagues is None else {"_id": {"$in": sorted(one.named(home) for one in leagues)}}
    found = [read_scale(row, home) for row in await find("scales", where)]
    return {scale.league: scale for scale in found}


async def put_scales(tx: Tx, turns: Sequence[ScaleTurn], *, home: str) -> None:
    """Write scales, keep their moves and put these into the outbox; Overtaken where a scale is another one by now."""
    operations = [_write_of(turn, home) for turn in turns]
    if await tx.write("scales", operations) != len(operations):
        raise Overtaken("a scale was written by somebody else")
    await tx.insert("scale_moves", [move for turn in turns if (move := move_document(turn, home)) is not None])
    for turn in turns:
        if turn.told is not None:
            tx.tell(turn.told, turn.cause)


def _write_of(turn: ScaleTurn, home: str) -> InsertOne[Document] | ReplaceOne[Document]:
    document = scale_document(turn.after, home)
    if not turn.before.version:
        return InsertOne(document)
    return ReplaceOne({"_id": document["_id"], "version": turn.before.version}, document)


class ScaleStore:
    """Reads the told moves of scales."""

    _db: Database
    home: str

    async def scale_moves(self, league: League) -> Sequence[Mapping[str, Any]]:
        """The moves of a league without their differences, the latest first."""
        fields = ["period", "number", "methodology", "moved", "moved_count", "scores_changed", "data_at", "quiet"]
        where = {"period": league.period, "region": said(league.region, home=self.home)}
        return await self._db.find("scale_moves", where, fields=fields, sort=[("number", -1)])

    async def scale_move(self, league: League, number: int) -> Mapping[str, Any] | None:
        """One move with the scores that changed by it."""
        return await self._db.find_one("scale_moves", {"_id": f"{league.named(self.home)}|{number}"})


def said(region: str, *, home: str) -> Document:
    """The condition that a document says a region; what says none is of the home one."""
    return {"$in": [region, None]} if region == home else {"$in": [region]}
