"""The mark of a restore under way: while it stands nobody takes what is there for whole, and a repeat may clear it."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from threading import Event, Thread
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pymongo.errors import PyMongoError  # noqa: TID251 (backups are of whole databases)

from deploy.backup.databases import collections
from deploy.local import Failed
from shared.mongo.journal import JOURNAL, line
from shared.mongo.restoring import RESTORING, HalfRestored

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pymongo import MongoClient  # noqa: TID251 (a type only)
    from pymongo.client_session import ClientSession  # noqa: TID251 (a type only)

    Client = MongoClient[dict[str, Any]]

# Seconds: whoever restores gives a sign of life so often, and passes for gone without one for so long.
BEAT, ALIVE = 10, 60


def marked(client: Client, names: Sequence[str]) -> bool:
    """Whether a restore into one of these databases is under way, or was interrupted."""
    return any(client[name][RESTORING].find_one({}) for name in names)


def refuse_marked(client: Client, names: Sequence[str]) -> None:
    """Failed where a restore is under way, or was interrupted."""
    if marked(client, names):
        told, _, remedy = str(HalfRestored()).partition(": ")
        raise Failed(told, remedy)


def refuse_running(client: Client, names: Sequence[str], session: ClientSession | None = None) -> None:
    """Failed where a restore gave a sign of life within the last minute, by the clock of MongoDB."""
    recent: dict[str, Any] = {"$expr": {"$gt": ["$at", {"$subtract": ["$$NOW", 1000 * ALIVE]}]}}
    if any(client[name][RESTORING].find_one(recent, session=session) for name in names):
        raise Failed("идёт другое восстановление", f"дождитесь его; если его больше нет, повторите через {ALIVE} с")


def mark(client: Client, names: Sequence[str]) -> str:
    """Mark all of these databases at once, and leave nothing else in them; by what the mark is known.

    Failed where another restore was first.
    """
    by = uuid4().hex

    def write(session: ClientSession) -> None:
        refuse_running(client, names, session)
        for name in names:
            told = [{"$set": {"by": by, "at": "$$NOW"}}]
            client[name][RESTORING].update_one({"_id": RESTORING}, told, upsert=True, session=session)

    with client.start_session() as session:
        session.with_transaction(write)
    for name, collection in collections(client, names):
        client[name].drop_collection(collection)
    return by


def check(client: Client, names: Sequence[str], by: str) -> None:
    """Give a sign of life; Failed where the mark is another's by now."""
    for name in names:
        if not client[name][RESTORING].update_one({"by": by}, [{"$set": {"at": "$$NOW"}}]).matched_count:
            raise _taken_over()


@contextmanager
def alive(client: Client, names: Sequence[str], by: str) -> Iterator[None]:
    """Signs of life meanwhile, however long one step takes; none any more after an end that leaves the mark."""
    over = Event()

    def beat() -> None:
        while not over.wait(BEAT):
            with suppress(PyMongoError, Failed):  # whoever works meets the same
                check(client, names, by)

    thread = Thread(target=beat, name="restore-alive", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        with suppress(PyMongoError):
            for name in names:
                client[name][RESTORING].update_one({"by": by}, {"$unset": {"at": ""}})


def _taken_over() -> Failed:
    return Failed("тем временем начато другое восстановление", "дождитесь его или повторите")


def unmark(client: Client, names: Sequence[str], by: str, *, of: datetime) -> None:
    """The restore is whole: take its mark away at once and say in each journal of which moment the backup was.

    Failed where the mark is another's by now.
    """

    def write(session: ClientSession) -> None:
        for name in names:
            told = line(RESTORING, of.isoformat(), None, at=datetime.now(UTC))
            client[name][JOURNAL].insert_one(told, session=session)
            if not client[name][RESTORING].delete_one({"by": by}, session=session).deleted_count:
                raise _taken_over()

    with client.start_session() as session:
        session.with_transaction(write)
