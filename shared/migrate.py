"""Brings a service's database to its declared schemas, repeatably and while the service runs."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.mongo import Database, Mongo, ReplaceOne, Schema
from shared.mongo.schema import PLATFORM
from shared.mongo.versions import older

PAGE = 500


@dataclass(frozen=True, slots=True)
class Migrated:
    """What one run did: things made in the schema, documents rewritten to their present version."""

    service: str
    made: int
    rewritten: int


async def migrate(uri: str, service: str, schemas: Sequence[Schema]) -> Migrated:
    """Create what is missing and rewrite old documents; a second run does nothing."""
    mongo = Mongo(uri, by=f"{service}-migrate")
    try:
        # Without the schemas: what is to be rewritten is read as it lies.
        database = mongo.database(service)
        made = await database.apply([*PLATFORM, *schemas])
        rewritten = sum([await _rewrite(database, schema) for schema in schemas if schema.version > 1])
        return Migrated(service, made, rewritten)
    finally:
        mongo.close()


async def _rewrite(database: Database, schema: Schema) -> int:
    """Old documents page by page; one that somebody changed meanwhile was written in the new version already."""
    rewritten = 0
    while page := await database.find(schema.collection, older(schema), limit=PAGE):
        operations = []
        for document in page:
            found = document.get("v")
            unchanged = {"_id": document["_id"], "v": found if found is not None else {"$exists": False}}
            operations.append(ReplaceOne(unchanged, schema.read(document)))
        rewritten += await database.write(schema.collection, operations)
    return rewritten
