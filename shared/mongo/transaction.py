"""One transaction: state, outbox rows with their sequence, dead letters and the progress of consumers, together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pymongo import UpdateOne

from shared.batch import Batch, Buried
from shared.envelope import Letter, seal
from shared.kernel import Cause, Event
from shared.mongo.burying import dead_copy, dead_writes
from shared.mongo.steps import Steps
from shared.mongo.versions import Versions, behind, present, projection
from shared.ports import Ids
from shared.telemetry import log

if TYPE_CHECKING:
    from motor.motor_asyncio import AsyncIOMotorClientSession, AsyncIOMotorDatabase
    from pymongo.client_session import ClientSession
    from pymongo.collection import Collection
    from pymongo.database import Database as PlainDatabase

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
        versions: Versions,
        now: datetime,
        ids: Ids,
        by: str,
    ) -> None:
        self.now = now
        self._versions = versions
        self._steps = Steps(database, session)
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
        """The documents that match, as this transaction's snapshot sees them (see `Reads.find`)."""
        schema = self._versions.raised(collection)
        asked = projection(fields, schema)
        rows: list[Document] = await self._steps.run(
            lambda db, session: list(db[collection].find(where, asked, session=session, sort=sort, limit=limit))
        )
        if schema is None:
            return rows
        old = behind(schema, rows, fields)
        return present(schema, rows, await self.find(collection, {"_id": {"$in": old}}) if old else ())

    async def find_one(self, collection: str, where: Mapping[str, Any]) -> Document | None:
        """The one document that matches, or none."""
        found: Document | None = await self._steps.run(
            lambda db, session: db[collection].find_one(where, session=session)
        )
        return self._versions.read(collection, found)

    async def insert(self, collection: str, documents: Sequence[Document]) -> None:
        """New documents; read what is there before: a duplicate key aborts the transaction.

        They go with the next command, so that a duplicate key is told only there, or at the end.
        """
        if documents:
            new = self._versions.stamped(collection, documents)
            self._steps.put(lambda db, session: db[collection].insert_many(new, ordered=False, session=session))

    async def write(self, collection: str, operations: Sequence[Any]) -> int:
        """A bulk of Insert/Replace/Update/Delete operations; returns how many documents matched or were made."""
        if not operations:
            return 0
        stamped = self._versions.stamp(collection, operations)
        count: int = await self._steps.run(lambda db, session: _bulk(db[collection], stamped, session))
        return count

    def put(self, collection: str, operations: Sequence[Any], *, otherwise: Exception | None = None) -> None:
        """The same without an answer, with the next command; `otherwise` is raised there unless each one matched."""
        stamped = self._versions.stamp(collection, operations)

        def step(db: "PlainDatabase[Document]", session: "ClientSession") -> None:
            if _bulk(db[collection], stamped, session) != len(stamped) and otherwise is not None:
                raise otherwise

        if operations:
            self._steps.put(step)

    async def next_number(self, counter: str, by: int = 1) -> int:
        """The last of `by` new numbers of a counter; numbers become visible in order, with their transaction."""
        number: int = await self._steps.run(lambda db, session: _counted(db, session, counter, by))
        return number

    async def remember(self, key: str, digest: str, answer: Mapping[str, Any]) -> None:
        """Keep the answer given under an idempotency key; a second writer of the key gets DuplicateKeyError."""
        await self.insert("answers", [{"_id": key, "digest": digest, "answer": dict(answer), "at": self.now}])

    def tell(self, event: Event, cause: Cause) -> None:
        """Put an event into the outbox; the relay sends it after the commit."""
        self._told.append((event, cause))

    def bury(self, buried: Buried) -> None:
        """Keep a record of this batch as a dead letter."""
        self._buried.append(buried)

    def advance(self, batch: Batch[Any]) -> None:
        """Write down how far a batch reaches, only from where this worker believes it began; keep its dead letters."""
        operations = [
            UpdateOne({"_id": f"{batch.group}|{place}", "next": expected}, {"$set": {"next": reached, "at": self.now}})
            for place, (expected, reached) in batch.reach.items()
        ]
        self.put("positions", operations, otherwise=Fenced(batch.group))
        self._buried.extend(batch.spoiled)
        self._keep_dead(batch)

    async def commit(self) -> bool:
        """Give every told message its sequence within its key, write it to the outbox, commit: all in one go.

        False when the whole transaction must run again.
        """
        pending = [self._row(event, cause) for event, cause in self._told] + self._letters
        if pending:
            self._steps.put(lambda db, session: self._tell(pending, db, session))
        return await self._steps.commit()

    def _tell(
        self, pending: Sequence[tuple[str, Document]], db: "PlainDatabase[Document]", session: "ClientSession"
    ) -> None:
        numbers = _numbers(db, session, Counter(stream for stream, _ in pending))
        for stream, row in pending:
            number = numbers[stream] = numbers[stream] + 1
            row["headers"]["ce_sequence"] = str(number)
            self.told.append({"_id": {"k": stream, "s": number}, "by": self._by, "at": self.now, **row})
        db["outbox"].insert_many(self.told, ordered=False, session=session)

    def _row(self, event: Event, cause: Cause) -> tuple[str, Document]:
        letter = seal(event, id=self._ids(), source=f"rsoko/{self._service}", time=self.now, cause=cause)
        return letter.key, _outbox_row(letter)

    def _keep_dead(self, batch: Batch[Any]) -> None:
        batch.dead = tuple(self._buried)
        # A letter that is handled again is written only while it waits: nobody else has decided on it.
        self.put("dead_letters", dead_writes(batch, self.now), otherwise=Fenced(batch.group))
        if not batch.redriven_by:
            self._letters += [(f"dlq:{batch.dlq}", dead_copy(dead, batch)) for dead in batch.dead]


def _bulk(collection: "Collection[Document]", operations: Sequence[Any], session: "ClientSession") -> int:
    """How many documents a bulk matched or made."""
    done = collection.bulk_write(operations, ordered=False, session=session)
    return done.matched_count + done.upserted_count + done.inserted_count + done.deleted_count


def _counted(db: "PlainDatabase[Document]", session: "ClientSession", counter: str, by: int) -> int:
    """A counter after so many more numbers."""
    found: Any = db["counters"].find_one_and_update(
        {"_id": counter}, {"$inc": {"n": by}}, upsert=True, return_document=True, session=session
    )
    return int(found["n"])


def _numbers(db: "PlainDatabase[Document]", session: "ClientSession", wanted: Mapping[str, int]) -> dict[str, int]:
    """The last number given so far in each stream; so many more are taken now (one command for one stream)."""
    if len(wanted) == 1:
        ((stream, count),) = wanted.items()
        return {stream: _counted(db, session, f"out:{stream}", count) - count}
    names = {f"out:{stream}": stream for stream in wanted}
    found = db["counters"].find({"_id": {"$in": sorted(names)}}, session=session)
    numbers = dict.fromkeys(wanted, 0) | {names[row["_id"]]: int(row["n"]) for row in found}
    taken = [
        UpdateOne({"_id": name}, {"$set": {"n": numbers[stream] + wanted[stream]}}, upsert=True)
        for name, stream in names.items()
    ]
    _bulk(db["counters"], taken, session)
    return numbers


def _outbox_row(letter: Letter) -> Document:
    return {
        "topic": letter.topic,
        "key": letter.key.encode(),
        "headers": dict(letter.headers),
        "value": letter.value,
    }
