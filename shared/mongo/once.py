"""A change that is answered the same however often it is asked for under one idempotency key."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from pymongo.errors import DuplicateKeyError

from shared.kernel import Refused, Repeat
from shared.mongo.client import Database
from shared.mongo.transaction import Tx

Answer = Mapping[str, Any]


async def once(database: Database, body: Callable[[Tx], Awaitable[Answer]], repeat: Repeat | None) -> Answer:
    """Run a change in one transaction; under a key its answer is kept, and given to every repeat instead."""
    if repeat is None:
        return await database.transact(body)
    kept = await database.recall(*repeat)
    if kept is not None:
        return kept

    async def whole(tx: Tx) -> Answer:
        given = await body(tx)
        await tx.remember(repeat.key, repeat.digest, given)
        return given

    try:
        return await database.transact(whole)
    except (DuplicateKeyError, Refused):
        # Whoever ran beside the first one finds its answer now; a refusal of the change itself stays one.
        kept = await database.recall(*repeat)
        if kept is None:
            raise
        return kept
