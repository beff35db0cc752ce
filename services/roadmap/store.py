"""The road maps' database: read models of municipalities and scores, each with the revision it is of."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from services.roadmap.domain import Municipality, Score, Standing, newest_municipalities, newest_scores
from shared.mongo import ASCENDING, Batch, Database, Document, Index, ReplaceOne, Schema, Tx

MUNICIPALITIES = Schema(
    "municipalities",
    validator={
        "bsonType": "object",
        "required": ["_id", "v", "revision", "region", "name", "oktmo"],
        "properties": {"revision": {"bsonType": ["int", "long"], "minimum": 1}},
    },
)
SCORES = Schema(
    "scores",
    indexes=(Index((("period", ASCENDING), ("municipality", ASCENDING)), unique=True),),
    validator={
        "bsonType": "object",
        "required": ["_id", "v", "revision", "municipality", "period", "groups"],
        "properties": {"revision": {"bsonType": ["int", "long"], "minimum": 1}},
    },
)
SCHEMAS: tuple[Schema, ...] = (MUNICIPALITIES, SCORES)


class Store:
    """Reads and writes of the read models."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def follow(
        self, municipalities: Sequence[Municipality], scores: Sequence[Score], *, batch: Batch[Any]
    ) -> None:
        """Write the newest of both together with how far the batch reaches."""

        async def body(tx: Tx) -> None:
            if municipalities:
                await _follow_municipalities(tx, municipalities)
            if scores:
                await _follow_scores(tx, scores)

        await self._db.transact(body, batch=batch)

    async def municipality(self, municipality: str) -> Municipality | None:
        """The municipality as it was last told."""
        found = await self._db.find_one(MUNICIPALITIES.collection, {"_id": municipality})
        return _municipality_of(found) if found else None

    async def score(self, municipality: str, period: str) -> Score | None:
        """The score as it was last told."""
        found = await self._db.find_one(SCORES.collection, {"_id": f"{municipality}|{period}"})
        return _score_of(found) if found else None


async def _follow_municipalities(tx: Tx, heard: Sequence[Municipality]) -> None:
    found = await tx.find(MUNICIPALITIES.collection, {"_id": {"$in": sorted({one.id for one in heard})}})
    changed = newest_municipalities({row["_id"]: _municipality_of(row) for row in found}, heard)
    await _write(tx, MUNICIPALITIES, [_municipality_document(one) for one in changed.values()])


async def _follow_scores(tx: Tx, heard: Sequence[Score]) -> None:
    found = await tx.find(SCORES.collection, {"_id": {"$in": sorted({one.id for one in heard})}})
    changed = newest_scores({row["_id"]: _score_of(row) for row in found}, heard)
    await _write(tx, SCORES, [_score_document(one) for one in changed.values()])


async def _write(tx: Tx, schema: Schema, documents: Sequence[Document]) -> None:
    operations = [ReplaceOne({"_id": one["_id"]}, {**one, "v": schema.version}, upsert=True) for one in documents]
    await tx.write(schema.collection, operations)


def _municipality_document(one: Municipality) -> Document:
    return {"_id": one.id, "revision": one.revision, "region": one.region, "name": one.name, "oktmo": one.oktmo}


def _municipality_of(document: Document) -> Municipality:
    row = MUNICIPALITIES.read(document)
    return Municipality(row["_id"], row["revision"], row["region"], row["name"], row["oktmo"])


def _score_document(one: Score) -> Document:
    groups = {name: asdict(standing) for name, standing in one.groups.items()}
    return {
        "_id": one.id,
        "municipality": one.municipality,
        "period": one.period,
        "revision": one.revision,
        "groups": groups,
    }


def _score_of(document: Document) -> Score:
    row = SCORES.read(document)
    groups = {name: Standing(**standing) for name, standing in row["groups"].items()}
    return Score(row["municipality"], row["period"], row["revision"], groups)
