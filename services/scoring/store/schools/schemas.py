"""Collections of schools, with their indexes and validators; everything here can be recounted from facts."""

from services.scoring.store.kinds import COUNT, TEXT, TEXT_OR_NULL
from shared.mongo import ASCENDING, Index, Schema

_LIST = {"bsonType": "array", "items": TEXT}
_STANDING = {
    "bsonType": "object",
    "required": ["organization", "year", "municipality", "thresholds", "verdicts", "low_results", "strong"],
    "properties": {
        "organization": TEXT,
        "year": COUNT,
        "municipality": TEXT_OR_NULL,
        "thresholds": TEXT,
        "verdicts": {"bsonType": "array"},
        "size": {"bsonType": ["int", "long", "null"], "minimum": 0},
        "levels": _LIST,
        "low_results": _LIST,
        "strong": _LIST,
    },
}
_HEARD = {
    "bsonType": "object",
    "required": ["organization", "year", "municipality", "seen"],
    "properties": {"organization": TEXT, "year": COUNT, "municipality": TEXT_OR_NULL, "seen": TEXT, "since": TEXT},
}
_PENDING = {
    "bsonType": "object",
    "required": ["n", "loud", "correlation"],
    "properties": {"n": COUNT, "loud": {"bsonType": "bool"}, "correlation": TEXT, "causation": TEXT_OR_NULL},
}

_SIGN = {
    "bsonType": "object",
    "required": ["year", "run", "key", "organization", "municipality", "procedure", "kind", "p", "effect", "n"],
    "properties": {
        "year": TEXT,
        "run": COUNT,
        "organization": TEXT,
        "municipality": TEXT_OR_NULL,
        "procedure": TEXT,
        "kind": {"enum": ["boundary_spike", "school_marks", "jump", "medallists"]},
        "n": COUNT,
    },
}

SCHOOL_SCHEMAS = (
    Schema("school_pending", (), _PENDING),  # _id: organisation, or `*` for all that have results
    Schema(
        "school_standings",  # _id: year|organisation
        (
            Index((("year", ASCENDING), ("municipality", ASCENDING), ("_id", ASCENDING))),
            Index((("organization", ASCENDING), ("year", ASCENDING))),
        ),
        _STANDING,
    ),
    # _id: year|organisation; also of years that no threshold set is for
    Schema("school_heard", tuple(Index(((name, ASCENDING),)) for name in ("year", "organization", "since")), _HEARD),
    Schema("school_thresholds", (), {"bsonType": "object", "required": ["document", "at"]}),
    Schema("school_clusters", (), {"bsonType": "object", "required": ["version", "made"]}),
    # _id: the year; `wanted` grows with its results, `done` is what the shown run of signs has seen, `method` made it
    # `heard`: some school has results of it
    Schema("school_years", (), {"bsonType": "object", "required": ["wanted"], "properties": {"wanted": COUNT}}),
    Schema(
        "school_signs",  # _id: year|run|organisation|procedure|kind
        (
            Index((("year", ASCENDING), ("run", ASCENDING), ("key", ASCENDING))),
            Index((("organization", ASCENDING), ("year", ASCENDING))),
        ),
        _SIGN,
    ),
)
