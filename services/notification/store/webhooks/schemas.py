"""Collections of webhooks: indexes, validators; what is done is kept for thirty days."""

from services.notification.domain.webhooks import ACTIVE, DISABLED, PAUSED, STATES
from shared.mongo import Index, Schema

_TEXT = {"bsonType": "string", "minLength": 1}
_COUNT = {"bsonType": ["int", "long"], "minimum": 0}
_DATE = {"bsonType": "date"}

WEBHOOK_SCHEMAS: tuple[Schema, ...] = (
    Schema(
        "webhooks",
        (Index((("holder.municipality", 1), ("holder.source", 1), ("_id", 1))),),
        {
            "bsonType": "object",
            "required": ["url", "kinds", "holder", "secrets", "place", "state", "revision"],
            "properties": {
                "url": _TEXT,
                "kinds": {"bsonType": "array", "minItems": 1},
                "secrets": {
                    "bsonType": "array",
                    "minItems": 1,
                    "items": {"bsonType": "object", "required": ["sealed", "until"]},
                },
                "place": _COUNT,
                "state": {"enum": [ACTIVE, PAUSED, DISABLED]},
                "revision": _COUNT,
            },
        },
    ),
    Schema(
        "deliveries",
        (
            Index((("webhook", 1), ("state", 1), ("next_at", 1))),
            Index((("number", -1), ("webhook", -1))),
            Index((("ends_at", 1),), expire_after=0),
        ),
        {
            "bsonType": "object",
            "required": ["webhook", "number", "kind", "body", "state", "attempts", "queued_at", "tries"],
            "properties": {
                "webhook": _TEXT,
                "number": _COUNT,
                "body": _TEXT,
                "state": {"enum": list(STATES)},
                "attempts": _COUNT,
                "queued_at": _DATE,
            },
        },
    ),
    Schema(
        "webhook_leases",
        (),
        {"bsonType": "object", "required": ["owner", "expires"], "properties": {"owner": _TEXT, "expires": _DATE}},
    ),
)
