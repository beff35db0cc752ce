"""Organisations in MongoDB; one organisation of a source system stands once in a region."""

from collections.abc import Callable, Sequence
from datetime import date

from services.registry.domain import Municipality, Organization, OrganizationRow, code_like
from services.registry.domain.organization import Neighbours
from services.registry.store.imports import Decided, keep
from services.registry.store.municipalities import COLLECTION as MUNICIPALITIES
from services.registry.store.municipalities import municipality_of
from shared.kernel import Cause, Repeat
from shared.mongo import ASCENDING, Database, Document, Index, Schema, Tx, UpdateOne
from shared.mongo.once import Answer, once

COLLECTION = "organizations"
ORGANIZATIONS = Schema(
    COLLECTION,
    indexes=(
        Index((("municipality", ASCENDING), ("_id", ASCENDING))),
        Index((("kind", ASCENDING), ("_id", ASCENDING))),
        Index(
            (("region", ASCENDING), ("source_id", ASCENDING)),
            unique=True,
            partial={"source_id": {"$gt": ""}},
            word="given",
        ),
    ),
    validator={
        "bsonType": "object",
        "required": ["_id", "v", "revision", "region", "name", "kind", "owner", "valid_from", "at"],
        "properties": {
            "_id": {"bsonType": "string", "pattern": "^[0-9]{2,3}-[a-z0-9-]+$"},
            "revision": {"bsonType": ["int", "long"], "minimum": 1},
            "kind": {"enum": ["school", "kindergarten", "other"]},
            "owner": {"enum": ["municipality", "ministry"]},
            "municipality": {"bsonType": ["string", "null"]},
        },
    },
    gone=("region_1_source_id_1",),
)
_PLAIN = ("region", "name", "kind", "owner", "municipality", "source_id", "revision")

Decide = Callable[[Neighbours], Decided[Organization]]


class OrganizationStore:
    """Reads and imports of organisations."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def import_rows(
        self, rows: Sequence[OrganizationRow], decide: Decide, *, today: date, cause: Cause, repeat: Repeat | None
    ) -> Answer:
        """Decide over what is stored around these rows, and keep the outcome; the report of it."""

        async def body(tx: Tx) -> Document:
            known = await _neighbours(tx, rows, today)
            decided = decide(known)
            await tx.write(COLLECTION, _released(decided, known))
            return await keep(tx, COLLECTION, decided, document=document_of, cause=cause)

        return await once(self._db, body, repeat)

    async def one(self, organization: str) -> Organization | None:
        """The organisation of this id."""
        found = await self._db.find_one(COLLECTION, {"_id": organization})
        return organization_of(found) if found else None

    async def page(
        self, *, municipality: str | None, kind: str | None, after: str | None, limit: int
    ) -> list[Organization]:
        """Organisations in order of id."""
        condition: Document = {}
        if municipality is not None:
            condition["municipality"] = municipality
        if kind is not None:
            condition["kind"] = kind
        if after is not None:
            condition["_id"] = {"$gt": after}
        found = await self._db.find(COLLECTION, condition, sort=[("_id", ASCENDING)], limit=limit)
        return [organization_of(row) for row in found]


async def _neighbours(tx: Tx, rows: Sequence[OrganizationRow], today: date) -> Neighbours:
    ids = sorted({row.wanted.id for row in rows})
    sources = sorted({row.wanted.source_id for row in rows if row.wanted.source_id is not None})
    named = sorted({row.wanted.municipality for row in rows if row.wanted.municipality is not None})
    codes = [one for one in named if code_like(one)]
    regions = sorted({row.wanted.region for row in rows})
    same = {"region": {"$in": regions}, "source_id": {"$in": sources}}
    found = await tx.find(COLLECTION, {"$or": [{"_id": {"$in": ids}}, same]})
    stored = [organization_of(row) for row in found]
    places = {"$or": [{"_id": {"$in": named}}, {"history.oktmo": {"$in": codes}}]}
    municipalities: dict[str, Municipality] = {
        row["_id"]: municipality_of(row) for row in await tx.find(MUNICIPALITIES, places)
    }
    return Neighbours(
        stored={one.id: one for one in stored},
        by_source={(one.region, one.source_id): one.id for one in stored if one.source_id is not None},
        municipalities=municipalities,
        today=today,
    )


def _released(decided: Decided[Organization], known: Neighbours) -> list[UpdateOne]:
    """Source ids that are given up come free first: two organisations may swap theirs in one request."""
    changes, _ = decided
    given_up = [
        change.state.id
        for change in changes
        if change.events and (before := known.stored.get(change.state.id)) and before.source_id is not None
    ]
    return [UpdateOne({"_id": one}, {"$set": {"source_id": None}}) for one in given_up]


def document_of(state: Organization) -> Document:
    """The document that keeps a state."""
    return {
        "_id": state.id,
        "v": ORGANIZATIONS.version,
        "valid_from": state.valid_from.isoformat(),
        "valid_to": state.valid_to.isoformat() if state.valid_to else None,
        **{name: getattr(state, name) for name in _PLAIN},
    }


def organization_of(document: Document) -> Organization:
    """The state that a document keeps."""
    row = ORGANIZATIONS.read(document)
    return Organization(
        id=row["_id"],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        **{name: row[name] for name in _PLAIN},
    )
