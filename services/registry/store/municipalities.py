"""Municipalities in MongoDB; days are ISO strings, so that they compare as they are read."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from services.registry.domain import Municipality
from services.registry.events import DatedName, SuccessionLink
from services.registry.store.imports import Decided, keep
from shared.kernel import Cause, Repeat
from shared.mongo import ASCENDING, Database, Document, Index, Schema, Tx
from shared.mongo.once import Answer, once

COLLECTION = "municipalities"
MUNICIPALITIES = Schema(
    COLLECTION,
    indexes=(
        Index((("history.oktmo", ASCENDING),)),
        Index((("region", ASCENDING), ("_id", ASCENDING))),
    ),
    validator={
        "bsonType": "object",
        "required": ["_id", "v", "revision", "region", "history", "succession", "at"],
        "properties": {
            "_id": {"bsonType": "string", "pattern": "^[0-9]{2,3}-[a-z0-9-]+$"},
            "revision": {"bsonType": ["int", "long"], "minimum": 1},
            "region": {"bsonType": "string"},
            "history": {
                "bsonType": "array",
                "minItems": 1,
                "items": {
                    "bsonType": "object",
                    "required": ["name", "kind", "oktmo", "valid_from", "valid_to"],
                    "properties": {"oktmo": {"bsonType": "string", "pattern": "^[0-9]{8}$"}},
                },
            },
        },
    },
)
_PLAIN = ("region", "centre", "population", "children", "latitude", "longitude", "tile_col", "tile_row", "revision")

Decide = Callable[[Mapping[str, Municipality]], Decided[Municipality]]


class MunicipalityStore:
    """Reads and imports of municipalities."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def import_rows(
        self, needed: tuple[set[str], set[str]], decide: Decide, *, cause: Cause, repeat: Repeat | None
    ) -> Answer:
        """Decide over what is stored of the needed ids and codes, and keep the outcome; the report of it."""
        ids, codes = needed
        condition = {"$or": [{"_id": {"$in": sorted(ids)}}, {"history.oktmo": {"$in": sorted(codes)}}]}

        async def body(tx: Tx) -> Document:
            known = {row["_id"]: municipality_of(row) for row in await tx.find(COLLECTION, condition)}
            return await keep(tx, COLLECTION, decide(known), document=document_of, cause=cause)

        return await once(self._db, body, repeat)

    async def one(self, municipality: str) -> Municipality | None:
        """The municipality of this id."""
        found = await self._db.find_one(COLLECTION, {"_id": municipality})
        return municipality_of(found) if found else None

    async def named(self, ids: Sequence[str]) -> dict[str, Municipality]:
        """The municipalities of these ids."""
        found = await self._db.find(COLLECTION, {"_id": {"$in": list(ids)}})
        return {row["_id"]: municipality_of(row) for row in found}

    async def with_code(self, code: str) -> list[Municipality]:
        """Whoever has, had or will have this code."""
        found = await self._db.find(COLLECTION, {"history.oktmo": code}, sort=[("_id", ASCENDING)])
        return [municipality_of(row) for row in found]

    async def page(
        self, *, on: date | None, oktmo: str | None, region: str | None, after: str | None, limit: int
    ) -> list[Municipality]:
        """Municipalities in order of id; `on`: those that existed (and had the code) on this day."""
        spell: Document = {"oktmo": oktmo} if oktmo is not None else {}
        if on is not None:
            ends = {"$or": [{"valid_to": None}, {"valid_to": {"$gt": on.isoformat()}}]}
            spell |= {"valid_from": {"$lte": on.isoformat()}, **ends}
        condition: Document = {"history": {"$elemMatch": spell}} if spell else {}
        if region is not None:
            condition["region"] = region
        if after is not None:
            condition["_id"] = {"$gt": after}
        found = await self._db.find(COLLECTION, condition, sort=[("_id", ASCENDING)], limit=limit)
        return [municipality_of(row) for row in found]


def document_of(state: Municipality) -> Document:
    """The document that keeps a state."""
    return {
        "_id": state.id,
        "v": MUNICIPALITIES.version,
        "history": [one.model_dump(mode="json") for one in state.history],
        "succession": [link.model_dump(mode="json") for link in state.succession],
        **{name: getattr(state, name) for name in _PLAIN},
    }


def municipality_of(document: Document) -> Municipality:
    """The state that a document keeps."""
    row = MUNICIPALITIES.read(document)
    return Municipality(
        id=row["_id"],
        history=tuple(DatedName.model_validate(one) for one in row["history"]),
        succession=tuple(SuccessionLink.model_validate(link) for link in row["succession"]),
        **{name: row[name] for name in _PLAIN},
    )
