"""Scoring's collections, with their indexes and validators."""

from typing import Any

from services.scoring.store.schools.schemas import SCHOOL_SCHEMAS
from shared.mongo import ASCENDING, Index, Schema

_TEXT = {"bsonType": "string"}
_COUNT = {"bsonType": ["int", "long"], "minimum": 0}


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"bsonType": "object", "required": required, "properties": properties}


CARDS = "cards"


def cards_schema(collection: str) -> Schema:
    """Cards by municipality and period (`_id`: municipality|period), of one generation."""
    return Schema(
        collection,
        (Index((("period", ASCENDING), ("methodology", ASCENDING))),),
        _object(
            ["municipality", "period", "methodology", "revision", "version", "procedures", "scores", "at", "by"],
            municipality=_TEXT,
            period=_TEXT,
            methodology=_TEXT,
            revision=_COUNT,
            version=_COUNT,
            procedures={"bsonType": "object"},
            scores={"bsonType": "object"},
            at={"bsonType": "date"},
        ),
    )


SCHEMAS = (
    Schema(
        "facts",  # _id: result:revision
        (
            Index((("period", ASCENDING), ("municipality", ASCENDING))),
            Index((("organization", ASCENDING), ("period", ASCENDING)), partial={"organization": {"$type": "string"}}),
        ),
        _object(
            ["result", "revision", "procedure", "period", "recorded_at"],
            result=_TEXT,
            revision=_COUNT,
            procedure=_TEXT,
            period=_TEXT,
            recorded_at=_TEXT,
        ),
    ),
    cards_schema(CARDS),
    Schema("scales", (), _object(["methodology", "number", "version", "bests"], number=_COUNT, version=_COUNT)),
    Schema(
        "scale_moves",  # _id: period|number
        (Index((("period", ASCENDING), ("number", ASCENDING))),),
        _object(["period", "number", "moved", "differences"], period=_TEXT, number=_COUNT),
    ),
    Schema(
        "applicability",
        (),
        _object(
            ["procedure", "period", "municipalities", "reason", "act", "recorded_at", "revision"],
            procedure=_TEXT,
            period=_TEXT,
            reason=_TEXT,
            recorded_at={"bsonType": "date"},
            revision=_COUNT,
        ),
    ),
    Schema("methodologies", (), _object(["document", "at"], document={"bsonType": "object"})),
    Schema("municipalities", (), _object(["revision", "history"], revision=_COUNT)),
    Schema("procedures", (), _object(["revision", "name"], revision=_COUNT, name=_TEXT)),
    Schema(
        "published_periods",  # _id: period
        (),
        _object(["public", "act", "at"], _id=_TEXT, public={"bsonType": "bool"}, act=_TEXT, at={"bsonType": "date"}),
    ),
    Schema(
        "analytics_documents",  # _id: procedure.period.v<version>
        (Index((("procedure", ASCENDING), ("period", ASCENDING), ("version", ASCENDING)), unique=True),),
        _object(
            ["procedure", "period", "version", "state", "revision", "texts"],
            procedure=_TEXT,
            period=_TEXT,
            version=_COUNT,
            revision=_COUNT,
            state={"enum": ["draft", "finished"]},
            texts={"bsonType": "object"},
        ),
    ),
    Schema(
        "community_items",  # _id: municipality|item
        (Index((("municipality", ASCENDING), ("year", ASCENDING))), Index((("year", ASCENDING),))),
        _object(
            ["item", "municipality", "revision", "year", "kind", "says", "on", "source", "withdrawn", "past"],
            item=_TEXT,
            municipality=_TEXT,
            revision=_COUNT,
            year=_COUNT,
            kind=_TEXT,
            says={"bsonType": "object"},
            on=_TEXT,
        ),
    ),
    Schema("told_ratings", (), _object(["age", "ranks"], age=_COUNT, ranks={"bsonType": "object"})),
    *SCHOOL_SCHEMAS,
)
