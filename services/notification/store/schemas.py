"""Collections of notification: indexes, validators, how long the feed is kept."""

from services.notification.domain import (
    EDITION_KINDS,
    ISSUED,
    RATING_CHANGED,
    READ_BY_AGE,
    RECOMMENDATION_DRAFTED,
    SCHOOL_KINDS,
    SCORE_CHANGED,
)
from services.notification.domain.deadlines import LEFT, PLANNED
from shared.mongo import Document, Index, Schema

DAY = 24 * 3600
FEED_KEPT_SECONDS = 7 * DAY
# When a person read what is kept no longer than it says anything: an item this old counts as read (`READ_BY_AGE`),
# and what is kept of its reading ends a day later, so that nothing becomes unread.
MARKS_KEPT_SECONDS = int(READ_BY_AGE.total_seconds()) + DAY
ITEM_KINDS = (SCORE_CHANGED, *EDITION_KINDS, *SCHOOL_KINDS, ISSUED)
_NUMBER = {"bsonType": ["int", "long"], "minimum": 1}
_TEXT = {"bsonType": "string", "minLength": 1}
_DATE = {"bsonType": "date"}
_NAME = {
    "bsonType": "object",
    "required": ["kind", "key", "revision", "history"],
    "properties": {
        "kind": _TEXT,
        "key": _TEXT,
        "revision": _NUMBER,
        "history": {
            "bsonType": "array",
            "minItems": 1,
            "items": {"bsonType": "object", "required": ["name", "oktmo", "valid_from", "valid_to"]},
        },
    },
}
_READER = {
    "bsonType": "object",
    "required": ["steps"],
    "properties": {
        "steps": {
            "bsonType": "array",
            "items": {"bsonType": "object", "required": ["n", "at"], "properties": {"n": _NUMBER, "at": _DATE}},
        },
    },
}


def _with_change(row: Document) -> Document:
    """A reader of before, who has no time of the last step beside the steps."""
    return row | {"changed_at": max(step["at"] for step in row["steps"])} if row["steps"] else row


SCHEMAS: tuple[Schema, ...] = (
    Schema(
        "items",
        (
            Index((("n", 1),), unique=True),
            Index((("municipality", 1), ("n", -1))),
            Index((("municipality", 1), ("period", 1), ("n", -1))),
            Index((("period", 1), ("n", -1))),
            Index((("kind", 1), ("n", -1))),
            # What the staff has not read is counted of this alone, without reading an item.
            Index((("digest", 1), ("n", -1))),
            # A late `since` that few items are behind; for an early one the newest numbers are walked.
            Index((("created_at", 1),)),
        ),
        {
            "bsonType": "object",
            "required": ["n", "kind", "municipality", "period", "created_at"],
            "properties": {
                "n": _NUMBER,
                "kind": {"enum": list(ITEM_KINDS)},
                "municipality": _TEXT,
                "period": _TEXT,
                "revision": _NUMBER,
                "changes": {"bsonType": "array", "minItems": 1},
                "created_at": _DATE,
            },
        },
    ),
    Schema(
        "feed",
        (
            Index((("key", 1),), unique=True),
            Index((("municipality", 1), ("_id", 1))),
            Index((("at", 1),), expire_after=FEED_KEPT_SECONDS),
        ),
        {
            "bsonType": "object",
            "required": ["_id", "key", "kind", "municipality", "data", "at"],
            "properties": {
                "_id": _NUMBER,
                "kind": {"enum": [RATING_CHANGED, RECOMMENDATION_DRAFTED, *ITEM_KINDS]},
                "at": _DATE,
            },
        },
    ),
    Schema(
        "marks",
        # One that was taken back has no time, and stays until everything is marked as read.
        (Index((("subject", 1), ("n", 1))), Index((("read_at", 1),), expire_after=MARKS_KEPT_SECONDS)),
        {
            "bsonType": "object",
            "required": ["subject", "item", "n", "municipality", "read_at"],
            "properties": {"subject": _TEXT, "item": _TEXT, "n": _NUMBER},
        },
    ),
    Schema(
        "recommendations",
        (
            Index((("item", 1),)),
            Index((("municipality", 1), ("state", 1), ("score_revision", -1))),
        ),
        {
            "bsonType": "object",
            "required": ["item", "municipality", "period", "group", "state", "revision", "score_revision"],
            "properties": {"item": _TEXT, "municipality": _TEXT, "revision": _NUMBER, "score_revision": _NUMBER},
        },
    ),
    Schema(
        "activities",
        (),
        {
            "bsonType": "object",
            "required": ["kind", "activity", "municipality", "revision", "windows"],
            "properties": {"kind": {"enum": [PLANNED, LEFT]}, "activity": _TEXT, "revision": _NUMBER},
        },
    ),
    Schema(
        "ratings",
        (),
        {
            "bsonType": "object",
            "required": ["sequence", "data_at"],
            "properties": {"sequence": _NUMBER, "data_at": _DATE},
        },
    ),
    Schema(
        "readers",
        (Index((("changed_at", 1),), expire_after=MARKS_KEPT_SECONDS),),
        _READER,
        version=2,
        upcasters={1: _with_change},
    ),
    Schema("names", (), _NAME),
    Schema("organization_names", (), _NAME),
)
