"""Standings of schools and the threshold sets that judge them; a school is judged where its facts are."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.scoring.domain.period import period_year
from services.scoring.domain.schools import (
    LISTS,
    METHOD,
    READ,
    ListName,
    Standing,
    listed_from,
    standing_document,
    standing_from,
)
from services.scoring.domain.schools.heard import heard_document
from services.scoring.domain.schools.settling import Known, Pending, Settled
from services.scoring.store.reading import ids_of
from services.scoring.store.schools.noting import EVERY, NOBODY, PENDING, note_again, note_of
from services.scoring.store.schools.years import YEARS, beginning, wanting, year_of
from shared.kernel import Cause
from shared.mongo import ASCENDING, Database, DeleteOne, Document, ReplaceOne, Tx, UpdateOne
from shared.mongo.journal import journal
from shared.policy import Scope

STANDINGS, SETS, HEARD = "school_standings", "school_thresholds", "school_heard"
# By which method schools were listed, in `meta`.
BY = "school-lists"
AT_ONCE = 10
SPREAD = 500
FACT = (
    *("organization", "result", "revision", "procedure", "period", "municipality", "not_applicable", "recorded_at"),
    *(f"values.{name}" for name in READ),
)
WITHOUT_VERDICTS = ("organization", "year", "municipality", "thresholds", "size", "levels", *LISTS)
Judge = Callable[[Sequence[Pending], Known], Settled]
Weigh = Callable[[Mapping[str, Any] | None, bool], int]
# What a set lacks that was stored before revisions were kept.
FIRST = {"revision": 1}


class StandingStore:
    """Reads and writes standings and threshold sets."""

    _db: Database
    home: str

    async def settle_schools(self, judge: Judge) -> int:
        """Judge the schools that wait, a few in one transaction; how many there were."""

        async def body(tx: Tx) -> int:
            rows = await tx.find(PENDING, {"_id": {"$ne": EVERY}}, sort=[("_id", ASCENDING)], limit=AT_ONCE)
            if not rows:
                return 0
            named, sets = {"organization": {"$in": [row["_id"] for row in rows]}}, await tx.find(SETS, {})
            known = Known(
                facts=await tx.find("facts", named, fields=FACT),
                heard=await tx.find(HEARD, named),
                years=[
                    year_of(row["_id"], self.home) for row in await tx.find(YEARS, {"heard": True}, fields=["heard"])
                ],
                before=await tx.find(STANDINGS, named),
                sets=sets,
                procedures=await tx.find("procedures", {"school": {"$type": "object"}}, fields=["school"]),
            )
            settled = judge([_pending(row) for row in rows], known)
            await _mark(tx, sets, settled)
            await _keep(tx, settled, home=self.home)
            await tx.write(PENDING, [DeleteOne({"_id": row["_id"], "n": row["n"]}) for row in rows])
            return len(rows)

        return await self._db.transact(body)

    async def note_unheard(self) -> None:
        """Have all schools judged once where they were judged before it was kept what was heard of them and since when.

        Without the latter a school that changed hands within a year may belong to whom it belonged before. Once, too,
        where they were listed by an older method: it is kept for all, for what an older process lists stays as it is.
        """
        listed = await self._db.find_one("meta", {"_id": BY, "n": {"$gte": METHOD}}) is not None
        unheard = not listed or await self._db.find_one(YEARS, {"heard": True}) is None
        before = unheard and await self._db.find_one(STANDINGS, {}) is not None
        if before or await self._db.find_one(HEARD, {"since": None}) is not None:
            await self._db.write(PENDING, [note_again(EVERY, NOBODY)])
        if not listed:
            await self._db.write("meta", [UpdateOne({"_id": BY}, {"$max": {"n": METHOD}}, upsert=True)])

    async def spread_notes(self) -> bool:
        """Where all schools must be judged again, note each that has results; False where nothing was asked.

        What asked for it (a set, a description) decides about signs and clusters too, whatever follows for lists.
        """
        asked = await self._db.find_one(PENDING, {"_id": EVERY})
        if asked is None:
            return False
        cause = Cause(asked["correlation"], asked.get("causation"))
        match = {"organization": {"$gt": ""}}
        group = {"_id": "$organization", "periods": {"$addToSet": "$period"}}
        schools = await self._db.aggregate("facts", [{"$match": match}, {"$group": group}])
        for start in range(0, len(schools), SPREAD):
            some = schools[start : start + SPREAD]
            await self._db.write(PENDING, [note_again(row["_id"], cause) for row in some])
        heard = ((row["_id"], period_year(period)) for row in schools for period in row["periods"])
        await self._db.write(YEARS, wanting(heard, home=self.home))
        await self._db.write(PENDING, [DeleteOne({"_id": EVERY, "n": asked["n"]})])
        return True

    async def schools_wait(self) -> bool:
        """Whether some school has news that no standing shows yet."""
        return await self._db.find_one(PENDING, {}) is not None

    async def standings_page(
        self, condition: Mapping[str, Any], *, region: str, scope: Scope, after: str | None, limit: int
    ) -> list[Standing]:
        """Standings of a region's schools in the order of their ids, within what the reader may see."""
        own = {"organization": ids_of(region)}
        wanted: list[Mapping[str, Any]] = [condition, own, {} if scope.everything else dict(scope.attributes)]
        if after is not None:
            wanted.append({"_id": {"$gt": after}})
        rows = await self._db.find(STANDINGS, {"$and": wanted}, sort=[("_id", ASCENDING)], limit=limit)
        return [standing_from(row) for row in rows]

    async def listed_schools(self, year: int, name: ListName) -> list[Standing]:
        """All schools of a list in a year by their lists alone: the verdicts of thousands are slow to read."""
        rows = await self._db.find(STANDINGS, {"year": year, name: {"$ne": []}}, fields=WITHOUT_VERDICTS)
        return [listed_from(row) for row in rows]

    async def standings_of(self, school: str) -> list[Standing]:
        """A school's standings, the latest year first."""
        rows = await self._db.find(STANDINGS, {"organization": school}, sort=[("year", -1)])
        return [standing_from(row) for row in rows]

    async def threshold_sets(self) -> list[Document]:
        """Every set with its document and revision."""
        return [FIRST | row for row in await self._db.find(SETS, {}, sort=[("_id", ASCENDING)])]

    async def put_thresholds(
        self, key: str, document: Mapping[str, Any], *, decide: Weigh, at: datetime, cause: Cause
    ) -> tuple[int | None, int]:
        """Decide over a set; store it where its revision grows, and have all schools judged by it. Both revisions."""

        async def body(tx: Tx) -> tuple[int | None, int]:
            found = await tx.find_one(SETS, {"_id": key})
            stored = FIRST | found if found else None
            # A set that judged before it was marked for it has standings, unless others have judged these since.
            standing = await tx.find_one(STANDINGS, {"thresholds": key})
            judged = standing is not None or bool(stored and stored.get("judged"))
            before, after = stored["revision"] if stored else None, decide(stored, judged)
            if after != before:
                row = {"_id": key, "document": dict(document), "revision": after, "at": at}
                await journal(tx, SETS, [key])
                await tx.write(SETS, [ReplaceOne({"_id": key}, row, upsert=True)])
                await tx.write(PENDING, [note_of(EVERY, cause, loud=False)])
            return before, after

        return await self._db.transact(body)


async def _mark(tx: Tx, sets: Sequence[Mapping[str, Any]], settled: Settled) -> None:
    """Mark the sets that judge somebody for the first time: who replaces one at this very time conflicts with this."""
    judging = {one.thresholds for one in settled.standings}
    first = [row["_id"] for row in sets if row["_id"] in judging and not row.get("judged")]
    await tx.write(SETS, [UpdateOne({"_id": key}, {"$set": {"judged": True}}) for key in first])


async def _keep(tx: Tx, settled: Settled, *, home: str) -> None:
    rows = [standing_document(one) | {"_id": standing_id(one), "at": tx.now} for one in settled.standings]
    await tx.write(STANDINGS, [ReplaceOne({"_id": row["_id"]}, row, upsert=True) for row in rows])
    news = [heard_document(one) | {"_id": f"{one.year}|{one.school}"} for one in settled.heard]
    await tx.write(HEARD, [ReplaceOne({"_id": row["_id"]}, row, upsert=True) for row in news])
    await tx.write(YEARS, wanting(((one.school, one.year) for one in settled.heard), home=home))
    if settled.by is not None:
        await tx.write(YEARS, beginning(settled.began, home=home))
        await tx.write(PENDING, [note_again(EVERY, settled.by)])
    for event, cause in settled.told:
        tx.tell(event, cause)


def standing_id(standing: Standing) -> str:
    """How a standing is named in the store: lists are read in this order."""
    return f"{standing.year}|{standing.school}"


def _pending(row: Mapping[str, Any]) -> Pending:
    return Pending(row["_id"], row["n"], row["loud"], Cause(row["correlation"], row.get("causation")))
