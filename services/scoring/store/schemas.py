"""Scoring's collections, with their indexes and validators."""

from services.scoring.store.kinds import COUNT, TEXT, document
from services.scoring.store.schools.schemas import SCHOOL_SCHEMAS
from shared.mongo import ASCENDING, Index, Schema

CARDS = "cards"


def cards_schema(collection: str) -> Schema:
    """Cards by municipality and period (`_id`: municipality|period), of one generation."""
    return Schema(
        collection,
        (Index((("period", ASCENDING), ("methodology", ASCENDING))),),
        document(
            ["municipality", "period", "methodology", "revision", "version", "procedures", "scores", "at", "by"],
            municipality=TEXT,
            period=TEXT,
            methodology=TEXT,
            revision=COUNT,
            version=COUNT,
            procedures={"bsonType": "object"},
            scores={"bsonType": "object"},
            at={"bsonType": "date"},
        ),
    )


SCHEMAS = (
    Schema(
        "facts",  # _id: result:revision
        (
            # A municipality's own results come first; those of its schools are a hundred times as many.
            Index((("period", ASCENDING), ("municipality", ASCENDING), ("organization", ASCENDING))),
            Index(
                (("organization", ASCENDING), ("period", ASCENDING)),
                partial={"organization": {"$exists": True}},
                word="of_schools",
            ),
        ),
        document(
            ["result", "revision", "procedure", "period", "recorded_at"],
            result=TEXT,
            revision=COUNT,
            procedure=TEXT,
            period=TEXT,
            recorded_at=TEXT,
        ),
        gone=("period_1_municipality_1", "organization_1_period_1"),
    ),
    cards_schema(CARDS),
    Schema("scales", (), document(["methodology", "number", "version", "bests"], number=COUNT, version=COUNT)),
    Schema(
        "scale_moves",  # _id: period|number
        (Index((("period", ASCENDING), ("number", ASCENDING))),),
        document(["period", "number", "moved", "differences"], period=TEXT, number=COUNT),
    ),
    Schema(
        "applicability",
        (),
        document(
            ["procedure", "period", "municipalities", "reason", "act", "recorded_at", "revision"],
            procedure=TEXT,
            period=TEXT,
            reason=TEXT,
            recorded_at={"bsonType": "date"},
            revision=COUNT,
        ),
    ),
    Schema("methodologies", (), document(["document", "at"], document={"bsonType": "object"})),
    Schema("municipalities", (), document(["revision", "history"], revision=COUNT)),
    Schema("procedures", (), document(["revision", "name"], revision=COUNT, name=TEXT)),
    Schema(
        "published_periods",  # _id: period
        (),
        document(["public", "act", "at"], _id=TEXT, public={"bsonType": "bool"}, act=TEXT, at={"bsonType": "date"}),
    ),
    Schema(
        "analytics_documents",  # _id: procedure.period.v<version>
        (Index((("procedure", ASCENDING), ("period", ASCENDING), ("version", ASCENDING)), unique=True),),
        document(
            ["procedure", "period", "version", "state", "revision", "texts"],
            procedure=TEXT,
            period=TEXT,
            version=COUNT,
            revision=COUNT,
            state={"enum": ["draft", "finished"]},
            texts={"bsonType": "object"},
        ),
    ),
    Schema(
        "community_items",  # _id: municipality|item
        (Index((("municipality", ASCENDING), ("year", ASCENDING))), Index((("year", ASCENDING),))),
        document(
            ["item", "municipality", "revision", "year", "kind", "says", "on", "source", "withdrawn", "past"],
            item=TEXT,
            municipality=TEXT,
            revision=COUNT,
            year=COUNT,
            kind=TEXT,
            says={"bsonType": "object"},
            on=TEXT,
        ),
    ),
    Schema("told_ratings", (), document(["age", "ranks"], age=COUNT, ranks={"bsonType": "object"})),
    *SCHOOL_SCHEMAS,
)
