"""Changes of a collection: as many as the server has sent, in one way to the driver's threads and back.

Motor hands over one change for each way, and a way costs more than a change.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from pymongo.errors import PyMongoError

from shared.kernel import NOTHING
from shared.mongo.threads import in_thread
from shared.telemetry import log

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from motor.motor_asyncio import AsyncIOMotorCollection
    from pymongo.change_stream import ChangeStream

    Document = dict[str, Any]

# How long the server waits for a change, and after a lost stream we do.
AWAIT_MS, PAUSE = 1000, 0.5


async def changes(
    collection: "AsyncIOMotorCollection[Document]",
    *,
    match: Mapping[str, Any] = NOTHING,
    whole: bool = False,
    fields: Sequence[str] = (),
) -> AsyncGenerator[dict[str, Any], None]:
    """Changes as they are committed, those that match, without end; see `Database.watch`."""
    stages = {"$match": match, "$project": dict.fromkeys(fields, 1)}
    pipeline = [{stage: dict(what)} for stage, what in stages.items() if what]
    options: dict[str, Any] = {"max_await_time_ms": AWAIT_MS} | ({"full_document": "updateLookup"} if whole else {})
    while True:
        try:
            async with _opened(collection, pipeline, options) as stream:
                yield {}
                while stream.alive:
                    for change in await in_thread(_arrived, stream):
                        yield change
        except PyMongoError as error:
            log.warning("watch.lost", collection=collection.name, error=type(error).__name__)
            await asyncio.sleep(PAUSE)


def _arrived(stream: "ChangeStream[Document]") -> "list[Document]":
    """The next change and what came with it; nothing where none came for a while."""
    found = []
    while (change := stream.try_next()) is not None:
        found.append(change)
        if not stream._cursor._has_next():  # noqa: SLF001 - else it asks the server, and waits there
            break
    return found


@asynccontextmanager
async def _opened(
    collection: "AsyncIOMotorCollection[Document]", pipeline: "list[Document]", options: "Document"
) -> "AsyncIterator[ChangeStream[Document]]":
    stream: ChangeStream[Document] = await in_thread(lambda: collection.delegate.watch(pipeline, **options))
    try:
        yield stream
    finally:
        await in_thread(stream.close)
