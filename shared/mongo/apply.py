"""Applies declared collections, indexes and validators to a database, repeatably."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from shared.mongo.schema import Document, Index, Schema

if TYPE_CHECKING:
    from motor.motor_asyncio import AsyncIOMotorDatabase

    MotorDatabase = AsyncIOMotorDatabase[Document]


async def apply_schemas(database: "MotorDatabase", schemas: Sequence[Schema]) -> int:
    """Create what is missing; returns how many collections, indexes and validators were made or changed."""
    there = {row["name"]: row async for row in await database.list_collections()}
    made = 0
    for schema in schemas:
        if schema.collection not in there:
            await database.create_collection(schema.collection)
            made += 1
        made += await _validator(database, schema, there.get(schema.collection))
        made += await _indexes(database, schema)
    return made


async def _validator(database: "MotorDatabase", schema: Schema, row: Document | None) -> int:
    wanted = {"$jsonSchema": dict(schema.validator)} if schema.validator else {}
    found = (row or {}).get("options", {}).get("validator", {})
    if wanted == found:
        return 0
    await database.command("collMod", schema.collection, validator=wanted, validationLevel="strict")
    return 1


async def _indexes(database: "MotorDatabase", schema: Schema) -> int:
    there = await database[schema.collection].index_information()
    missing = [index for index in schema.indexes if index.name not in there]
    for index in missing:
        await database[schema.collection].create_index(list(index.keys), **_options(index))
    return len(missing)


def _options(index: Index) -> dict[str, Any]:
    options: dict[str, Any] = {"name": index.name, "unique": index.unique}
    if index.expire_after is not None:
        options["expireAfterSeconds"] = index.expire_after
    if index.partial:
        options["partialFilterExpression"] = dict(index.partial)
    return options
