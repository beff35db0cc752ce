"""The mark of a restore under way: while it stands nobody takes what is there for whole, and a repeat may clear it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from deploy.backup.databases import collections
from deploy.local import Failed
from shared.mongo.restoring import RESTORING, HalfRestored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pymongo import MongoClient  # noqa: TID251 (a type only)
    from pymongo.client_session import ClientSession  # noqa: TID251 (a type only)

    Client = MongoClient[dict[str, Any]]


def marked(client: Client, names: Sequence[str]) -> bool:
    """Whether a restore into one of these databases is under way, or was interrupted."""
    return any(client[name][RESTORING].find_one({}) for name in names)


def refuse_marked(client: Client, names: Sequence[str]) -> None:
    """Failed where a restore is under way, or was interrupted."""
    if marked(client, names):
        told, _, remedy = str(HalfRestored()).partition(": ")
        raise Failed(told, remedy)


def mark(client: Client, names: Sequence[str]) -> str:
    """Mark all of these databases at once, and leave nothing else in them; by what the mark is known."""
    by = uuid4().hex

    def write(session: ClientSession) -> None:
        for name in names:
            client[name][RESTORING].replace_one({"_id": RESTORING}, {"by": by}, upsert=True, session=session)

    with client.start_session() as session:
        session.with_transaction(write)
    for name, collection in collections(client, names):
        client[name].drop_collection(collection)
    return by


def unmark(client: Client, names: Sequence[str], by: str) -> None:
    """The restore is whole: take its mark away at once; Failed where it is another's by now."""

    def write(session: ClientSession) -> None:
        for name in names:
            if not client[name][RESTORING].delete_one({"by": by}, session=session).deleted_count:
                raise Failed("тем временем начато другое восстановление", "дождитесь его или повторите")

    with client.start_session() as session:
        session.with_transaction(write)
