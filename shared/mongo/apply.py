"""Applies declared collections, indexes and validators to a database, repeatably."""

import asyncio
from collections.abc import Container, Sequence
from typing import TYPE_CHECKING, Any

from pymongo import IndexModel

from shared.mongo.schema import Document, Index, Schema

if TYPE_CHECKING:
    from motor.motor_asyncio import AsyncIOMotorDatabase

    MotorDatabase = AsyncIOMotorDatabase[Document]


async def apply_schemas(database: "MotorDatabase", schemas: Sequence[Schema]) -> int:
    """Create what is missing; returns how many collections, indexes and validators were made or changed."""
    there = {row["name"]: row async for row in await database.list_collections()}
    return sum(await asyncio.gather(*(_schema(database, one, there.get(one.collection)) for one in schemas)))


async def _schema(database: "MotorDatabase", schema: Schema, row: Document | None) -> int:
    wanted = {"$jsonSchema": dict(schema.validator)} if schema.validator else {}
    if row is None:
        asked: Document = {"create": schema.collection}
        await database.command(asked | ({"validator": wanted, "validationLevel": "strict"} if wanted else {}))
        return 1 + bool(wanted) + await _indexes(database, schema, ())
    made = await _validator(database, schema, wanted, row.get("options", {}).get("validator", {}))
    return made + await _indexes(database, schema, await database[schema.collection].index_information())


async def _validator(database: "MotorDatabase", schema: Schema, wanted: Document, found: Document) -> int:
    if wanted == found:
        return 0
    await database.command("collMod", schema.collection, validator=wanted, validationLevel="strict")
    return 1


async def _indexes(database: "MotorDatabase", schema: Schema, there: Container[str]) -> int:
    missing = [index for index in schema.indexes if index.name not in there]
    if missing:
        models = [IndexModel(list(index.keys), **_options(index)) for index in missing]
        await database[schema.collection].create_indexes(models)
    return len(missing)


def _options(index: Index) -> dict[str, Any]:
    options: dict[str, Any] = {"name": index.name, "unique": index.unique}
    if index.expire_after is not None:
        options["expireAfterSeconds"] = index.expire_after
    if index.partial:
        options["partialFilterExpression"] = dict(index.partial)
    return options
