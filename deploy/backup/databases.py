"""Every service's database at one moment of the replica set, and written into an empty one."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient  # noqa: TID251 (as above)
from pymongo.errors import OperationFailure, PyMongoError, ServerSelectionTimeoutError  # noqa: TID251 (as above)

from deploy.local import Failed
from shared.mongo.restoring import RESTORING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pymongo.collection import Collection  # noqa: TID251 (a type only)

RAW: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument)
# Who relays is decided anew, and the mark is of one restore; nothing else may be left out.
LEFT_OUT = frozenset({"leases", RESTORING})
PAGE = 500
# Seconds: longer than a process that was killed keeps the right to send (`shared/relay/lease.py`).
PATIENCE = 10.0
SNAPSHOT_TOO_OLD = 239
LONGER_HISTORY = (
    "чтение длилось дольше, чем MongoDB хранит прошлое: увеличьте её параметр minSnapshotHistoryWindowInSeconds"
    " (обычно 300 с), например db.adminCommand({setParameter: 1, minSnapshotHistoryWindowInSeconds: 3600}), и повторите"
)


@contextmanager
def connected(uri: str) -> Iterator[MongoClient[dict[str, Any]]]:
    """A client that reads and writes with majority; Failed where MongoDB is away or breaks off."""
    patience: dict[str, Any] = {"serverSelectionTimeoutMS": 3000, "socketTimeoutMS": 60_000}
    client: MongoClient[dict[str, Any]] = MongoClient(uri, w="majority", tz_aware=True, **patience)
    try:
        yield client
    except PyMongoError as error:
        if isinstance(error, ServerSelectionTimeoutError):
            address = uri.rpartition("@")[2]
            raise Failed(
                f"MongoDB не отвечает ({address})", "запустите платформу (./rsoko up) или проверьте RSOKO_MONGO"
            ) from error
        words = f"MongoDB: {type(error).__name__}: {error}"
        too_old = isinstance(error, OperationFailure) and error.code == SNAPSHOT_TOO_OLD
        hint = LONGER_HISTORY if too_old else "проверьте, что MongoDB запущена (RSOKO_MONGO), и повторите"
        raise Failed(words, hint) from error
    finally:
        client.close()


def collections(client: MongoClient[dict[str, Any]], names: Sequence[str]) -> list[tuple[str, str]]:
    """Database and collection, for all that is kept."""
    found = ((name, one) for name in names for one in sorted(client[name].list_collection_names()))
    return [(name, one) for name, one in found if one not in LEFT_OUT and not one.startswith("system.")]


def documents(client: MongoClient[dict[str, Any]], names: Sequence[str]) -> Iterator[tuple[str, str, RawBSONDocument]]:
    """Everything as it was at one moment, that of the first read, however long the reading takes (five minutes at
    most, unless the server's `minSnapshotHistoryWindowInSeconds` is longer).
    """
    listed = collections(client, names)
    with client.start_session(snapshot=True) as session:
        for name, collection in listed:
            source = cast("Collection[RawBSONDocument]", client[name].get_collection(collection, codec_options=RAW))
            for document in source.find({}, session=session, batch_size=PAGE):
                yield name, collection, document


def filled(client: MongoClient[dict[str, Any]], names: Sequence[str]) -> list[str]:
    """The collections that hold something."""
    found = collections(client, names)
    return [f"{name}.{one}" for name, one in found if client[name][one].find_one({}, {"_id": 1}) is not None]


def sending(client: MongoClient[dict[str, Any]], names: Sequence[str]) -> list[str]:
    """The services of which a process sends; the right to send of one that was killed is waited for until it ends."""
    held: dict[str, Any] = {"_id": "relay", "$expr": {"$gt": ["$expires", "$$NOW"]}}
    end = time.monotonic() + PATIENCE
    while (found := [name for name in names if client[name]["leases"].find_one(held)]) and time.monotonic() < end:
        time.sleep(0.5)
    return found


def load(
    client: MongoClient[dict[str, Any]], rows: Iterable[tuple[str, str, RawBSONDocument]], check: Callable[[], object]
) -> int:
    """Insert what a backup holds, as it is: older document versions too, which `migrate` rewrites afterwards.

    `check` is called before each page, and raises where nothing may be written any more.
    """
    count = 0
    page: list[RawBSONDocument] = []
    place: tuple[str, str] | None = None
    for name, collection, document in rows:
        if place is not None and (place != (name, collection) or len(page) >= PAGE):
            check()
            count += _insert(client, place, page)
            page = []
        place = (name, collection)
        page.append(document)
    check()
    return count + (_insert(client, place, page) if place else 0)


def _insert(client: MongoClient[dict[str, Any]], place: tuple[str, str], page: Sequence[RawBSONDocument]) -> int:
    target = client[place[0]].get_collection(place[1], codec_options=RAW)
    # The ids of raw documents are not gathered by the driver; whatever is not inserted is an error.
    target.insert_many(page, ordered=False, bypass_document_validation=True)
    return len(page)
