"""Documents of every declared collection are read in their present version, whatever version they were written in.

Without `v` they are of version 1: so was what the first releases stored.
"""

import importlib
from dataclasses import replace
from typing import Any

import pytest
from bson import decode_all

from deploy.local import SERVICES
from shared.migrate import migrate
from shared.mongo import Database, InsertOne, Mongo, ReplaceOne, Schema, Tx, UpdateOne
from shared.mongo.schema import Document
from tests.contracts.applications import applications

STORING = [name for name in SERVICES if name != "portal"]


def declared() -> list[tuple[str, Schema]]:
    return [
        (service, schema)
        for service in STORING
        for schema in importlib.import_module(f"services.{service}.store").SCHEMAS
    ]


def risen(document: Document) -> Document:
    return {**document, "name": str(document["called"])}


OLD = Schema("things")
NEW = Schema("things", version=2, upcasters={1: risen})


@pytest.fixture
async def plain(database: Database) -> Database:
    """The same database without schemas: what lies there as it lies, written as an older process would."""
    await database.write("things", [InsertOne({"_id": 1, "called": "a"}), InsertOne({"_id": 2, "called": "b", "v": 1})])
    await database.write("things", [InsertOne({"_id": 3, "name": "c", "v": 2})])
    return database


@pytest.fixture
def things(mongo: Mongo, plain: Database) -> Database:
    """The database as the present version of the service knows it."""
    return mongo.database(plain.name, [NEW])


def names(rows: list[Document]) -> list[str]:
    return [row["name"] for row in rows]


async def test_each_way_to_read_gives_the_present_version(things: Database) -> None:
    by_id: dict[str, Any] = {"sort": [("_id", 1)]}
    assert names(await things.find("things", {}, **by_id)) == ["a", "b", "c"]
    assert names(await things.find("things", {}, fields=["name"], **by_id)) == ["a", "b", "c"]
    assert names([row async for row in things.stream("things", {}, sort=[("_id", 1)])]) == ["a", "b", "c"]
    pages = [page async for page in things.raw("things", {"_id": {"$gt": 1}}, fields=["name"])]
    assert names(decode_all(b"".join(pages))) == ["b", "c"]
    one, none = await things.find_one("things", {"_id": 1}), await things.find_one("things", {"_id": 9})
    assert one is not None
    assert (one["name"], one["v"], none) == ("a", 2, None)
    updated = await things.update("things", {"_id": 2}, {"$set": {"size": 1}})
    assert updated is not None
    assert updated["name"] == "b"

    async def body(tx: Tx) -> tuple[list[str], list[str], Document | None]:
        everything = names(await tx.find("things", {}, **by_id))
        return everything, names(await tx.find("things", {}, fields=["name"], **by_id)), await tx.find_one("things", {})

    everything, some, one = await things.transact(body)
    assert everything == some == ["a", "b", "c"]
    assert one is not None
    assert one["name"] == "a"


async def test_all_that_is_made_bears_the_version(mongo: Mongo, database: Database) -> None:
    things = mongo.database(database.name, [NEW])

    async def body(tx: Tx) -> None:
        await tx.insert("things", [{"_id": "inserted"}])
        await tx.write("things", [ReplaceOne({"_id": "replaced"}, {"_id": "replaced", "v": 1}, upsert=True)])
        tx.put("things", [UpdateOne({"_id": "upserted"}, {"$set": {"size": 1}}, upsert=True)])
        await tx.insert("others", [{"_id": 1}])

    await things.transact(body)
    await things.write("things", [InsertOne({"_id": "outside"})])
    await things.update("things", {"_id": "changed"}, {"$inc": {"size": 1}}, upsert=True)
    await things.update("things", {"_id": "computed"}, [{"$set": {"at": "$$NOW"}}], upsert=True)
    made = {row["_id"]: row["v"] for row in await database.find("things", {})}
    assert made == dict.fromkeys(["inserted", "replaced", "upserted", "outside", "changed", "computed"], 2)
    assert await database.find("others", {}) == [{"_id": 1}], "nobody declared it"


async def test_a_generation_is_read_as_its_collection_is(mongo: Mongo, database: Database) -> None:
    await database.write("things_7", [InsertOne({"_id": 1, "called": "a"})])
    assert names(await mongo.database(database.name, [NEW]).find("things_7", {})) == ["a"]


async def test_migrate_writes_what_is_read(stores: Any, plain: Database) -> None:
    done = await migrate(stores.mongo_uri, plain.name, [NEW])
    assert done.rewritten == 2
    assert [(row["name"], row["v"]) for row in await plain.find("things", {}, sort=[("_id", 1)])] == [
        ("a", 2),
        ("b", 2),
        ("c", 2),
    ]


@pytest.mark.parametrize(("service", "schema"), declared(), ids=lambda one: getattr(one, "collection", one))
async def test_old_documents_of_each_declared_collection_are_read_through_its_upcasters(
    mongo: Mongo, database: Database, service: str, schema: Schema
) -> None:
    """The next version of each, with what lies there written in the present one."""
    following = schema.version + 1

    def next_one(document: Document) -> Document:
        return {**document, "following": service}

    raised = replace(schema, version=following, upcasters={**schema.upcasters, schema.version: next_one})
    await database.write(schema.collection, [InsertOne({"_id": 1, "v": schema.version})])
    (found,) = await mongo.database(database.name, [raised]).find(schema.collection, {})
    assert found == {"_id": 1, "v": following, "following": service}


@pytest.mark.parametrize(("service", "schema"), declared(), ids=lambda one: getattr(one, "collection", one))
def test_the_server_checks_what_is_written_to_each_collection(service: str, schema: Schema) -> None:
    assert schema.validator, f"{service}.{schema.collection}: whoever writes anything there is told nothing"
    assert schema.validator["required"]


@pytest.mark.parametrize("service", STORING)
def test_each_service_reads_and_writes_by_what_it_declares(service: str) -> None:
    versions = applications()[service].state.platform.database.versions
    for schema in importlib.import_module(f"services.{service}.store").SCHEMAS:
        assert versions.of(schema.collection) is schema
