"""The connection and a service's database: transactions and watches; motor's client is made here alone."""

import asyncio
import itertools
import random
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

import uuid_utils
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorClientSession
from pymongo.errors import PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.read_preferences import ReadPreference
from pymongo.write_concern import WriteConcern

from shared.batch import Batch
from shared.kernel import NOTHING, Refused, Unavailable
from shared.mongo.apply import apply_schemas
from shared.mongo.changes import changes
from shared.mongo.errors import in_time, unavailable
from shared.mongo.orphans import end_orphans
from shared.mongo.reads import Reads
from shared.mongo.schema import Schema
from shared.mongo.sessions import Sessions
from shared.mongo.transaction import Document, Tx
from shared.ports import Clock, Ids

T = TypeVar("T")
SNAPSHOT, MAJORITY = ReadConcern("snapshot"), WriteConcern("majority")


def utc_now() -> datetime:
    """The present instant in UTC, to the millisecond that the store keeps."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def new_id() -> str:
    """A UUID version 7: unique, sortable by time."""
    return str(uuid_utils.uuid7())


async def _until_committed(
    session: AsyncIOMotorClientSession, whole: Callable[[AsyncIOMotorClientSession], Awaitable[tuple[T, bool]]]
) -> T:
    """Run and commit, again while the server says that this helps; the caller's deadline ends it.

    Motor's own `with_transaction` commits outside of its retry loop: a conflict at commit is never retried there.
    """
    for attempt in itertools.count():
        await asyncio.sleep(min(0.001 * 2 ** min(attempt, 7), 0.1) * random.random() if attempt else 0)  # noqa: S311 - jitter
        session.start_transaction(SNAPSHOT, MAJORITY, ReadPreference.PRIMARY)
        try:
            outcome, committed = await whole(session)
        except Exception as error:
            if cast("bool", session.in_transaction):
                await session.abort_transaction()
            if isinstance(error, PyMongoError) and error.has_error_label("TransientTransactionError"):
                continue
            raise
        if committed:
            return outcome
    raise AssertionError


class Mongo:
    """One client of a replica set; every database of it reads and writes with majority."""

    def __init__(self, uri: str, *, clock: Clock = utc_now, ids: Ids = new_id, by: str = "") -> None:
        self._client: AsyncIOMotorClient[Document] = AsyncIOMotorClient(
            uri,
            tz_aware=True,
            w="majority",
            readConcernLevel="majority",
            serverSelectionTimeoutMS=3000,
            connectTimeoutMS=2000,
            socketTimeoutMS=20_000,
            maxPoolSize=50,
            uuidRepresentation="standard",
            appname=by or "rsoko",
        )
        self.sessions = Sessions(self._client)
        self.clock, self.ids, self.by = clock, ids, by
        self._orphans_ended = False

    def database(self, name: str, schemas: Sequence[Schema] = ()) -> "Database":
        """The database of one service; collections of other services are out of its reach by name.

        Without `schemas` its documents are read as they lie, and what is written bears no version.
        """
        return Database(self, self._client, name, schemas)

    async def ping(self) -> None:
        """Raises `Unavailable` when no primary answers."""
        async with in_time():
            await self._client.admin.command("ping")

    async def end_orphans(self) -> int:
        """End the transactions that an earlier process of our name left open; to be called before any of ours.

        Once done, it does nothing: where a start is tried again, what is open by then may be ours.
        """
        if not self.by or self._orphans_ended:
            return 0
        with unavailable():
            ended = await end_orphans(self._client, self.by)
        self._orphans_ended = True
        return ended

    def close(self) -> None:
        """Close all connections."""
        self.sessions.close()
        self._client.close()


class Database(Reads):
    """A service's own database."""

    def __init__(
        self, mongo: Mongo, client: "AsyncIOMotorClient[Document]", name: str, schemas: Sequence[Schema]
    ) -> None:
        super().__init__(client[name], name, schemas)
        self.mongo = mongo
        self._client = client
        self._listeners: list[Callable[[Sequence[Document]], None]] = []

    def on_told(self, listener: Callable[[Sequence[Document]], None]) -> None:
        """Call this with the rows of each commit of this process that put something into the outbox."""
        self._listeners.append(listener)

    async def update(
        self,
        collection: str,
        where: Mapping[str, Any],
        change: Any,
        *,
        upsert: bool = False,
    ) -> Document | None:
        """Change one document outside a transaction and return it as it is now; none if nothing matched."""
        change = self.versions.upsert(collection, change) if upsert else change
        with unavailable():
            found = await self._db[collection].find_one_and_update(where, change, upsert=upsert, return_document=True)
        return self.versions.read(collection, found)

    async def write(self, collection: str, operations: Sequence[Any]) -> int:
        """A bulk outside a transaction; returns how many documents matched or were made."""
        if not operations:
            return 0
        with unavailable():
            done = await self._db[collection].bulk_write(self.versions.stamp(collection, operations), ordered=False)
        return done.matched_count + done.upserted_count + done.inserted_count + done.deleted_count

    async def recall(self, key: str, digest: str, before: tuple[str, str] | None = None) -> Document | None:
        """The answer given under this key, or by an earlier version as `before` says; refuses the key of another."""
        earlier = {"_id": before[0], "digest": before[1]} if before else {"_id": key}
        found = await self.find_one("answers", {"_id": key}) or await self.find_one("answers", earlier)
        if found is None:
            return None
        if found["_id"] == key and found["digest"] != digest:
            raise Refused(
                "idempotency-key-reused",
                "Ключ идемпотентности уже использован",
                "С этим Idempotency-Key уже пришёл другой запрос. Для нового запроса возьмите новый ключ.",
            )
        answer: Document = found["answer"]
        return answer

    async def transact(
        self,
        body: Callable[[Tx], Awaitable[T]],
        *,
        batch: Batch[Any] | None = None,
        deadline: float = 20.0,
    ) -> T:
        """Run `body` in one transaction and write with it what it told, buried and how far `batch` reaches.

        The body may run more than once: it does nothing but read and write through `tx`.
        Raises `Unavailable` when MongoDB is away (nothing was written, or the outcome is unknown), `Fenced`
        when another worker has gone on from the batch's beginning.
        """
        last: list[Tx] = []

        async def whole(session: AsyncIOMotorClientSession) -> tuple[T, bool]:
            last[:] = [tx := self._tx(session)]
            outcome = await body(tx)
            if batch is not None:
                tx.advance(batch)
            return outcome, await tx.commit()

        try:
            with unavailable():
                async with asyncio.timeout(deadline), self.mongo.sessions.one() as session:
                    outcome = await _until_committed(session, whole)
        except TimeoutError as error:
            raise Unavailable("mongodb") from error
        except Unavailable:
            raise
        except Exception:
            await self._settle()
            raise
        if batch is not None:
            batch.stored = True
        await self._committed(last[0])
        return outcome

    async def _settle(self) -> None:
        """Wait until whatever a transaction that failed has seen is safe, and so seen by every read after it.

        A transaction reads what another has committed a moment before a majority confirms it; the server waits for
        that only at a commit. Without this a refused repeat would not yet find the answer that it lost against.
        A write that changes nothing waits for all that came before it, and as soon as the journal allows; a
        linearizable read says the same, but waits for the journal's next turn (measured: 100 ms).
        """
        async with in_time():
            await self._db["counters"].delete_one({"_id": ""})

    def _tx(self, session: AsyncIOMotorClientSession) -> Tx:
        mongo = self.mongo
        return Tx(
            self._db,
            session,
            service=self.name,
            versions=self.versions,
            now=mongo.clock(),
            ids=mongo.ids,
            by=mongo.by,
        )

    async def _committed(self, tx: Tx) -> None:
        """Hand what was told to the relay of this process, let it go first, and leave a trace."""
        if tx.told:
            for listener in self._listeners:
                listener(tx.told)
            await asyncio.sleep(0)
            tx.log_told()

    def watch(
        self, collection: str, *, match: Mapping[str, Any] = NOTHING, fields: Sequence[str] = ()
    ) -> AsyncGenerator[Document, None]:
        """Changes of a collection as they are committed; only a hint, so a lost stream is simply opened anew.

        The first item is an empty document, as soon as the stream is open: what came before must be read.
        `fields`: only these of a change. Documents in it are as they lie, of whatever version.
        """
        return changes(self._db[collection], match=match, fields=fields)

    async def drop(self) -> None:
        """Delete everything of this database; tests begin so."""
        with unavailable():
            await self._client.drop_database(self.name)

    async def collections(self, prefix: str) -> list[str]:
        """The names of the collections that begin so."""
        with unavailable():
            return await self._db.list_collection_names(filter={"name": {"$regex": f"^{re.escape(prefix)}"}})

    async def discard(self, collection: str) -> None:
        """Delete a collection with everything in it."""
        with unavailable():
            await self._db.drop_collection(collection)

    async def apply(self, schemas: Sequence[Schema]) -> int:
        """Create what is missing of collections, indexes and validators; returns how many things it made."""
        with unavailable():
            return await apply_schemas(self._db, schemas)
