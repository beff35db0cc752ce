"""What the driver raises, in our words: trouble that passes by itself, a key that is taken."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    OperationFailure,
    WTimeoutError,
)

from shared.kernel import Unavailable
from shared.telemetry.quoting import quotes

_TRANSIENT = (ConnectionFailure, AutoReconnect, ExecutionTimeout, WTimeoutError)
# Not primary, shutting down, interrupted, transaction gone with a restarted server, lock wait over;
# of a read the rest gone with a restarted server (43), killed (237), or its collection or index dropped (175).
_TRANSIENT_CODES = frozenset({91, 189, 11600, 11602, 10107, 13435, 13436, 251, 24, 112, 50, 262, 64, 246, 43, 237, 175})
_DUPLICATE = 11000
# What one read may take, with the wait for one of the driver's few threads, all of which a silent network may hold.
READ_SECONDS = 15.0


def _named(error: BaseException) -> str:
    """Its class and the server's numbers of what was wrong, of a bulk also those of its writes: no document."""
    code, details = getattr(error, "code", None), getattr(error, "details", None) or {}
    of_writes = sorted({one["code"] for one in details.get("writeErrors", ()) if "code" in one} - {code})
    return f"{type(error).__name__} {code}" + (f" ({', '.join(map(str, of_writes))})" if of_writes else "")


# They quote the document that was refused.
quotes(OperationFailure, _named)


@contextmanager
def unavailable() -> Iterator[None]:
    """Turns passing trouble into `Unavailable` and a taken key of a bulk into `DuplicateKeyError`."""
    try:
        yield
    except _TRANSIENT as error:
        raise Unavailable("mongodb") from error
    except BulkWriteError as error:
        details = error.details or {}
        if any(one.get("code") == _DUPLICATE for one in details.get("writeErrors", ())):
            raise DuplicateKeyError("duplicate key in a bulk", _DUPLICATE, details) from error
        if _passing(details):
            raise Unavailable("mongodb") from error
        raise
    except OperationFailure as error:
        if error.code in _TRANSIENT_CODES or error.has_error_label("TransientTransactionError"):
            raise Unavailable("mongodb") from error
        raise


def _passing(details: Mapping[str, Any]) -> bool:
    """Whether all that is wrong with a bulk is trouble that passes: a primary that steps down says so in it."""
    found = {one.get("code") for part in ("writeErrors", "writeConcernErrors") for one in details.get(part, ())}
    return bool(found) and found <= _TRANSIENT_CODES


@asynccontextmanager
async def in_time() -> AsyncIterator[None]:
    """The same for what changes nothing, which is given up after a while: `Unavailable`."""
    try:
        with unavailable():
            async with asyncio.timeout(READ_SECONDS):
                yield
    except TimeoutError as error:
        raise Unavailable("mongodb") from error
