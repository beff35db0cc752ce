"""Applying what the stores declare: what is there stays, what is missing or changed is made, and no more."""

from typing import Any

import pytest

from shared.mongo import Database, DuplicateKeyError, Tx
from shared.mongo.schema import Index, Schema

NAMED = {"required": ["name"]}
SIZED = {"required": ["name", "size"]}
FIRST = Schema("things", [Index((("name", 1),), unique=True)], NAMED)
SECOND = Schema("things", [*FIRST.indexes, Index((("size", 1),), expire_after=60), Index((("at", -1),))], SIZED)
PLAIN = Schema("plain")


async def put(database: Database, document: dict[str, Any]) -> None:
    async def body(tx: Tx) -> None:
        await tx.insert("things", [document])

    await database.transact(body)


async def test_everything_is_made_once(database: Database) -> None:
    assert await database.apply([FIRST, PLAIN]) == 4, "two collections, a validator, an index"
    assert await database.apply([FIRST, PLAIN]) == 0
    await put(database, {"_id": 1, "name": "a"})
    with pytest.raises(DuplicateKeyError):
        await put(database, {"_id": 2, "name": "a"})


async def test_only_what_is_missing_or_changed_is_made(database: Database) -> None:
    await database.apply([FIRST])
    await put(database, {"_id": 1, "name": "a"})
    assert await database.apply([SECOND, PLAIN]) == 4, "a collection, a validator, two indexes"
    assert await database.apply([SECOND, PLAIN]) == 0
    assert await database.find("things", {}) == [{"_id": 1, "name": "a"}]


async def test_a_validator_holds_from_the_first_document_on(database: Database) -> None:
    await database.apply([FIRST])
    with pytest.raises(Exception, match="failed validation"):
        await put(database, {"_id": 1})
