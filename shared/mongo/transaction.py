"""One transaction: state, outbox rows with their sequence, dead letters and the progress of consumers, together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pymongo import ReplaceOne, UpdateOne

from shared.envelope import Letter, seal
from shared.kernel import Cause, Event
from shared.mongo.batch import Batch, Buried
from shared.ports import Ids
from shared.telemetry import log

if TYPE_CHECKING:
    from motor.motor_asyncio import AsyncIOMotorClientSession, AsyncIOMotorDatabase

Document = dict[str, Any]
# A bulk import tells hundreds at once: name the first, count the rest.
TOLD_LOGGED = 3


class Fenced(Exception):
    """Another worker went on from here: this one's view of the progress (or of its lease) is stale."""


class Tx:
    """What a store may do inside a transaction; `tell` and `bury` are written at its end, in the same commit."""

    def __init__(
        self,
        database: "AsyncIOMotorDatabase[Document]",
        session: "AsyncIOMotorClientSession",
        *,
        service: str,
        now: datetime,
        ids: Ids,
        by: str,
    ) -> None:
        self.now = now
        self._db = database
        self._session = session
        self._service = service
        self._ids = ids
        self._by = by
        self._told: list[tuple[Event, Cause]] = []
        self._buried: list[Buried] = []
        self._letters: list[tuple[str, Document]] = []
        self.told: list[Document] = []
        """What this transaction has put into the outbox."""

    def log_told(self) -> None:
        """After the commit: one line per told event, so that one correlation id is found in every service's log."""
        for event, cause in self._told[:TOLD_LOGGED]:
            log.info("event.told", type=event.TYPE, key=event.key, correlation_id=cause.correlation)
        if len(self._told) > TOLD_LOGGED:
            log.info("events.told", count=len(self._told), more=len(self._told) - TOLD_LOGGED)

    async def find(
        self,
        collection: str,
        where: Mapping[str, Any],
        *,
        fields: Sequence[str] | None = None,
        sort: Sequence[tuple[str, int]] | None = None,
        limit: int = 0,
    ) -> list[Document]:
        """The documents that match, as this transaction's snapshot sees them."""
        cursor = self._db[collection].find(
            where, dict.fromkeys(fields, 1) if fields else None, session=self._session, sort=sort, limit=limit
        )
        return await cursor.to_list(None)

    async def find_one(self, collection: str, where: Mapping[str, Any]) -> Document | None:
        """The one document that matches, or none."""
        return await self._db[collection].find_one(where, session=self._session)

    async def insert(self, collection: str, documents: Sequence[Document]) -> None:
        """New documents; read what is there before: a duplicate key has already aborted the transaction."""
        if documents:
            await self._db[collection].insert_many(documents, ordered=False, session=self._session)

    async def write(self, collection: str, operations: Sequence[Any]) -> int:
        """A bulk of Insert/Replace/Update/Delete operations; returns how many documents matched or were made."""
        if not operations:
            return 0
        done = await self._db[collection].bulk_write(list(operations), ordered=False, session=self._session)
        return done.matched_count + done.upserted_count + done.inserted_count + done.deleted_count

    async def next_number(self, counter: str, by: int = 1) -> int:
        """The last of `by` new numbers of a counter; numbers become visible in order, with their transaction."""
        found = await self._db["counters"].find_one_and_update(
            {"_id": counter}, {"$inc": {"n": by}}, upsert=True, return_document=True, session=self._session
        )
        return int(found["n"])

    async def remember(self, key: str, digest: str, answer: Mapping[str, Any]) -> None:
        """Keep the answer given under an idempotency key; a second writer of the key gets DuplicateKeyError."""
        await self.insert("answers", [{"_id": key, "digest": digest, "answer": dict(answer), "at": self.now}])

    def tell(self, event: Event, cause: Cause) -> None:
        """Put an event into the outbox; the relay sends it after the commit."""
        self._told.append((event, cause))

    def bury(self, buried: Buried) -> None:
        """Keep a record of this batch as a dead letter."""
        self._buried.append(buried)

    async def advance(self, batch: Batch[Any]) -> None:
        """Write down how far a batch reaches, only from where this worker believes it began; keep its dead letters."""
        operations = [
            UpdateOne({"_id": f"{batch.group}|{place}", "next": expected}, {"$set": {"next": reached, "at": self.now}})
            for place, (expected, reached) in batch.reach.items()
        ]
        if await self.write("positions", operations) != len(operations):
            raise Fenced(batch.group)
        self._buried.extend(batch.spoiled)
        await self._keep_dead(batch)

    async def flush(self) -> None:
        """Give every told message its sequence within its key and write it to the outbox."""
        pending = [self._row(seal_event, cause) for seal_event, cause in self._told] + self._letters
        if not pending:
            return
        numbers = await self._numbers(Counter(stream for stream, _ in pending))
        for stream, row in pending:
            number = numbers[stream] = numbers[stream] + 1
            row["headers"]["ce_sequence"] = str(number)
            self.told.append({"_id": {"k": stream, "s": number}, "by": self._by, "at": self.now, **row})
        await self.insert("outbox", self.told)

    async def _numbers(self, wanted: Mapping[str, int]) -> dict[str, int]:
        """The last number given so far in each stream; so many more are taken now (one round trip for one stream)."""
        if len(wanted) == 1:
            ((stream, count),) = wanted.items()
            return {stream: await self.next_number(f"out:{stream}", count) - count}
        names = {f"out:{stream}": stream for stream in wanted}
        found = await self.find("counters", {"_id": {"$in": sorted(names)}})
        numbers = dict.fromkeys(wanted, 0) | {names[row["_id"]]: int(row["n"]) for row in found}
        taken = [
            UpdateOne({"_id": name}, {"$set": {"n": numbers[stream] + wanted[stream]}}, upsert=True)
            for name, stream in names.items()
        ]
        await self.write("counters", taken)
        return numbers

    def _row(self, event: Event, cause: Cause) -> tuple[str, Document]:
        letter = seal(event, id=self._ids(), source=f"rsoko/{self._service}", time=self.now, cause=cause)
        return letter.key, _outbox_row(letter)

    async def _keep_dead(self, batch: Batch[Any]) -> None:
        batch.buried_now = len(self._buried)
        if not self._buried:
            return
        operations = []
        for dead in self._buried:
            row = _dead_row(dead, batch, self.now)
            operations.append(ReplaceOne({"_id": row["_id"]}, row, upsert=True))
            if not batch.redriven:
                self._letters.append((f"dlq:{batch.dlq}", _dead_copy(dead, batch)))
        await self.write("dead_letters", operations)


def _outbox_row(letter: Letter) -> Document:
    return {
        "topic": letter.topic,
        "key": letter.key.encode(),
        "headers": dict(letter.headers),
        "value": letter.value,
    }


def _dead_row(dead: Buried, batch: Batch[Any], now: datetime) -> Document:
    origin = dead.record.origin
    return {
        "_id": f"{batch.group}|{origin.topic}|{origin.partition}|{origin.offset}",
        "group": batch.group,
        "topic": origin.topic,
        "partition": origin.partition,
        "offset": origin.offset,
        "key": dead.record.key,
        "value": dead.record.value,
        "headers": [[name, value] for name, value in dead.record.headers],
        "timestamp": dead.record.timestamp,
        "code": dead.code,
        "message": dead.message,
        "errors": [dict(error) for error in dead.errors],
        "source": dead.source,
        "event": dead.event,
        "state": "new",
        "at": now,
    }


def _dead_copy(dead: Buried, batch: Batch[Any]) -> Document:
    """The copy on the dead-letter topic: the raw record, its raw headers, and why it is there."""
    origin = dead.record.origin
    return {
        "topic": batch.dlq,
        "key": dead.record.key,
        # A producer refuses a record with neither key nor value; it must not block the outbox.
        "value": dead.record.value if dead.record.value is not None or dead.record.key is not None else b"",
        "raw_headers": [[name, value] for name, value in dead.record.headers],
        "headers": {
            "x-dlq-group": batch.group,
            "x-dlq-code": dead.code,
            "x-dlq-topic": origin.topic,
            "x-dlq-partition": str(origin.partition),
            "x-dlq-offset": str(origin.offset),
        },
    }
