"""Applies declared collections, indexes and validators to a database, repeatably."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pymongo import IndexModel

from shared.kernel import Conflict
from shared.mongo.schema import Document, Index, Schema

EXPIRE, PARTIAL = "expireAfterSeconds", "partialFilterExpression"

if TYPE_CHECKING:
    from motor.motor_asyncio import AsyncIOMotorDatabase

    MotorDatabase = AsyncIOMotorDatabase[Document]


async def apply_schemas(database: "MotorDatabase", schemas: Sequence[Schema]) -> int:
    """Create what is missing; returns how many collections, indexes and validators were made, changed or dropped.

    Conflict `index-differs` where an index is there with options that cannot be changed in place.
    """
    there = {row["name"]: row async for row in await database.list_collections()}
    return sum(await asyncio.gather(*(_schema(database, one, there.get(one.collection)) for one in schemas)))


async def _schema(database: "MotorDatabase", schema: Schema, row: Document | None) -> int:
    wanted = {"$jsonSchema": dict(schema.validator)} if schema.validator else {}
    if row is None:
        asked: Document = {"create": schema.collection}
        await database.command(asked | ({"validator": wanted, "validationLevel": "strict"} if wanted else {}))
        return 1 + bool(wanted) + await _indexes(database, schema, {})
    made = await _validator(database, schema, wanted, row.get("options", {}).get("validator", {}))
    return made + await _indexes(database, schema, await database[schema.collection].index_information())


async def _validator(database: "MotorDatabase", schema: Schema, wanted: Document, found: Document) -> int:
    if wanted == found:
        return 0
    await database.command("collMod", schema.collection, validator=wanted, validationLevel="strict")
    return 1


async def _indexes(database: "MotorDatabase", schema: Schema, there: Mapping[str, Document]) -> int:
    changed = [index for index in schema.indexes if index.name in there and _differs(index, there[index.name])]
    for index in changed:
        await _change(database, schema.collection, index, there[index.name])
    missing = [index for index in schema.indexes if index.name not in there]
    if missing:
        models = [IndexModel(list(index.keys), **_options(index)) for index in missing]
        await database[schema.collection].create_indexes(models)
    gone = [name for name in schema.gone if name in there]
    for name in gone:
        await database[schema.collection].drop_index(name)
    return len(changed) + len(missing) + len(gone)


async def _change(database: "MotorDatabase", collection: str, index: Index, found: Document) -> None:
    """MongoDB changes the time after which rows expire; any other option needs an index made anew."""
    if index.expire_after is None or _differs(index, found | {EXPIRE: index.expire_after}):
        detail = (
            f"Индекс {index.name} коллекции {database.name}.{collection} есть с другими свойствами: {_words(found)};"
            f" нужны: {_words(_options(index))}. Удалите его (db.{collection}.dropIndex) и повторите ./rsoko migrate."
        )
        raise Conflict("index-differs", "Индекс задан иначе", detail)
    await database.command("collMod", collection, index={"name": index.name, EXPIRE: index.expire_after})


def _differs(index: Index, found: Document) -> bool:
    return _facts(_options(index)) != _facts(found)


def _facts(options: Mapping[str, Any]) -> tuple[Any, ...]:
    return bool(options.get("unique")), options.get(EXPIRE), dict(options.get(PARTIAL) or {})


def _words(options: Mapping[str, Any]) -> str:
    unique, expire, partial = _facts(options)
    return f"unique={unique}, {EXPIRE}={expire}, {PARTIAL}={partial or None}"


def _options(index: Index) -> dict[str, Any]:
    options: dict[str, Any] = {"name": index.name, "unique": index.unique}
    if index.expire_after is not None:
        options[EXPIRE] = index.expire_after
    if index.partial:
        options[PARTIAL] = dict(index.partial)
    return options
