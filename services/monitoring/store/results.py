"""Results, their revisions and the events heard, written together with what they tell."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.monitoring.domain import Decision, EventMark, Result, Row, Seen
from services.monitoring.store.documents import past_document, read_result, result_document
from services.monitoring.store.refusals import keep_refused
from shared.batch import Batch, Buried
from shared.kernel import Cause, Refused, Repeat
from shared.mongo import Database, Document, DuplicateKeyError, InsertOne, ReplaceOne, Tx

Answer = Mapping[str, Any]


class Results:
    """The results of the region."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def recall(self, repeat: Repeat | None) -> Answer | None:
        """The answer given before under an idempotency key."""
        return await self._db.recall(*repeat) if repeat else None

    async def add(
        self,
        result_id: str,
        make: Callable[[datetime], Result],
        *,
        cause: Cause,
        repeat: Repeat | None,
        answer: Callable[[Result], Answer],
    ) -> Answer | Result:
        """Insert a first revision and return its answer, or the stored result where there is one.

        Nothing is read before: the unique id says whether it is there, which saves a round trip.
        """

        async def body(tx: Tx) -> Answer:
            result = make(tx.now)
            told = answer(result)
            await tx.insert("results", [result_document(result)])
            if repeat:
                await tx.remember(repeat.key, repeat.digest, told)
            tx.tell(result.told(), cause)
            return told

        try:
            return await self._db.transact(body)
        except DuplicateKeyError:
            if (kept := await self.recall(repeat)) is not None:
                return kept
            found = await self._db.find_one("results", {"_id": result_id})
            if found is None:
                raise
            return read_result(found)

    async def change(
        self,
        result_id: str,
        decide: Callable[[Result | None, datetime], Result],
        *,
        cause: Cause,
        repeat: Repeat | None,
        answer: Callable[[Result, bool], Answer],
    ) -> Answer:
        """Replace a result by its next revision; a decision that returns what is stored changes nothing."""

        async def body(tx: Tx) -> Answer:
            found = await tx.find_one("results", {"_id": result_id})
            before = read_result(found) if found else None
            after = decide(before, tx.now)
            told = answer(after, after is not before)
            if before is not None and after is not before:
                await tx.insert("revisions", [past_document(before)])
                tx.put("results", [ReplaceOne({"_id": after.id}, result_document(after))])
                tx.tell(after.told(), cause)
            if repeat:
                await tx.remember(repeat.key, repeat.digest, told)
            return told

        try:
            return await self._db.transact(body)
        except (DuplicateKeyError, Refused):
            # A repeat that ran beside its first one loses the race and is given the same answer.
            if (kept := await self.recall(repeat)) is not None:
                return kept
            raise

    async def settle(
        self,
        rows: Sequence[Row],
        decide: Callable[[Mapping[str, Result], Mapping[str, Seen], datetime], Decision],
        *,
        batch: Batch[Any] | None = None,
        bury: Callable[[Decision], Sequence[Buried]] | None = None,
        refusals: Callable[[Decision, datetime], Sequence[Document]] | None = None,
        remember: tuple[Repeat, Callable[[Decision], Answer]] | None = None,
    ) -> Decision:
        """Decide over rows in one transaction; raises DuplicateKeyError where an idempotency key was taken."""
        ids = sorted({row.candidate.result for row in rows if row.candidate})
        marks = {row.event.key: row.event for row in rows if row.event and row.event.digest}

        async def body(tx: Tx) -> Decision:
            found = await tx.find("results", {"_id": {"$in": ids}}) if ids else []
            heard = await tx.find("events", {"_id": {"$in": sorted(marks)}}) if marks else []
            stored = {row["_id"]: read_result(row) for row in found}
            decision = decide(stored, {row["_id"]: _read_seen(row, marks[row["_id"]]) for row in heard}, tx.now)
            await _write(tx, decision)
            for buried in bury(decision) if bury else ():
                tx.bury(buried)
            await keep_refused(tx, refusals(decision, tx.now) if refusals else [])
            if remember:
                asked, answer = remember
                await tx.remember(asked.key, asked.digest, answer(decision))
            return decision

        return await self._db.transact(body, batch=batch)

    async def settle_once(
        self,
        rows: Sequence[Row],
        decide: Callable[[Mapping[str, Result], Mapping[str, Seen], datetime], Decision],
        *,
        repeat: Repeat | None,
        answer: Callable[[Decision], Answer],
    ) -> Answer:
        """The same for a request that may carry an idempotency key: returns the answer, the old one for a repeat."""
        remember = (repeat, answer) if repeat else None
        try:
            return answer(await self.settle(rows, decide, remember=remember))
        except DuplicateKeyError:
            if (kept := await self.recall(repeat)) is not None:
                return kept
            return answer(await self.settle(rows, decide, remember=remember))

    async def one(self, result_id: str, scope: Mapping[str, str]) -> Result | None:
        """A result inside the reader's scope."""
        found = await self._db.find_one("results", {"_id": result_id, **scope})
        return read_result(found) if found else None

    async def page(
        self, condition: Mapping[str, str], *, after: datetime | None, place: Sequence[Any] | None, limit: int
    ) -> list[Result]:
        """Results in the order of their last recording; `place` is where the page before ended."""
        wanted: dict[str, Any] = {"$and": [{name: value} for name, value in condition.items()]} if condition else {}
        if after is not None:
            wanted["recorded_at"] = {"$gt": after}
        if place is not None:
            at = datetime.fromisoformat(place[0])
            wanted["$or"] = [{"recorded_at": {"$gt": at}}, {"recorded_at": at, "_id": {"$gt": place[1]}}]
        rows = await self._db.find("results", wanted, sort=[("recorded_at", 1), ("_id", 1)], limit=limit)
        return [read_result(row) for row in rows]

    async def past(self, result_id: str, *, after: int, limit: int) -> list[Result]:
        """Revisions that count no more, the oldest first."""
        condition = {"result": result_id, "revision": {"$gt": after}}
        rows = await self._db.find("revisions", condition, sort=[("revision", 1)], limit=limit)
        return [read_result(row) for row in rows]


async def _write(tx: Tx, decision: Decision) -> None:
    operations: list[Any] = [InsertOne(result_document(result)) for result in decision.fresh.values()]
    operations += [ReplaceOne({"_id": result.id}, result_document(result)) for result in decision.changed.values()]
    tx.put("results", operations)
    await tx.insert("revisions", [past_document(result) for result in decision.past])
    await tx.insert("events", [_seen_document(seen, tx.now) for seen in decision.seen])
    for result, cause in decision.told:
        tx.tell(result.told(), cause)


def _seen_document(seen: Seen, at: datetime) -> Document:
    return {
        "_id": seen.mark.key,
        "digest": seen.mark.digest,
        "status": seen.status,
        "result": seen.result,
        "revision": seen.revision,
        "at": at,
    }


def _read_seen(row: Document, mark: EventMark) -> Seen:
    kept = EventMark(mark.source, mark.id, row["digest"])
    return Seen(kept, row["status"], row["result"], row["revision"])
