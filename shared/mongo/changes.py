"""Changes of a collection: as many as the server has sent, in one way to the driver's threads and back.

Motor hands over one change for each way, and a way costs more than a change.

A stream that waits at the server is woken there by every write to the replica set, whatever it looks for (measured: a
fifth of the server's work). So it waits there only while somebody writes what it looks for; else it asks now and then.
"""

import asyncio
import time
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
# Where nothing came for so long, the server is only asked so often.
QUIET, ASK_EVERY = 60.0, 0.5


async def changes(
    collection: "AsyncIOMotorCollection[Document]",
    *,
    match: Mapping[str, Any] = NOTHING,
    fields: Sequence[str] = (),
) -> AsyncGenerator[dict[str, Any], None]:
    """Changes as they are committed, those that match, without end; see `Database.watch`."""
    stages = {"$match": match, "$project": dict.fromkeys(fields, 1)}
    pipeline = [{stage: dict(what)} for stage, what in stages.items() if what]
    calm = Calm()
    token: Any = None
    while True:
        waits = not calm.holds()
        options = {"max_await_time_ms": AWAIT_MS if waits else 1, "resume_after": token}
        try:
            async with _opened(collection, pipeline, options) as stream:
                if token is None:
                    yield {}
                while stream.alive and waits is not calm.holds():
                    found = await in_thread(_arrived, stream)
                    for change in found:
                        yield change
                    await calm.after(found)
                token = stream.resume_token if stream.alive else None
        except PyMongoError as error:
            token = None
            log.warning("watch.lost", collection=collection.name, error=type(error).__name__)
            await asyncio.sleep(PAUSE)


class Calm:
    """Whether nobody has written for a while what a stream looks for."""

    def __init__(self) -> None:
        self._until = time.monotonic()

    def holds(self) -> bool:
        """Whether to ask now and then only."""
        return time.monotonic() >= self._until

    async def after(self, found: "Sequence[Document]") -> None:
        """Note what came; where nothing did and all is calm, rest before the next question."""
        if found:
            self._until = time.monotonic() + QUIET
        elif self.holds():
            await asyncio.sleep(ASK_EVERY)


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
