"""Collections, indexes and validators of monitoring, applied by `rsoko migrate`."""

from shared.mongo import ASCENDING, DESCENDING, Index, Schema

DAY = 86_400
# A resent event is known for as long as its topic could be read again, with a wide margin.
EVENTS_KEPT = 400 * DAY
REFUSALS_KEPT = 90 * DAY

_TEXT = {"bsonType": "string"}
_TEXT_OR_NULL = {"bsonType": ["string", "null"]}
_NUMBER = {"bsonType": ["int", "long"], "minimum": 1}
_DATE = {"bsonType": "date"}
_REVISION = {
    "v": _NUMBER,
    "revision": _NUMBER,
    "status": {"enum": ["accepted", "corrected", "withdrawn"]},
    "procedure": _TEXT,
    "municipality": _TEXT_OR_NULL,
    "organization": _TEXT_OR_NULL,
    "period": {"bsonType": "string", "pattern": "^[0-9]{4}(-[0-9]{4})?$"},
    "values": {"bsonType": ["object", "null"], "additionalProperties": _TEXT_OR_NULL},
    "not_applicable": {
        "bsonType": ["object", "null"],
        "required": ["reason", "act"],
        "additionalProperties": False,
        "properties": {"reason": _TEXT, "act": _TEXT},
    },
    "reason": _TEXT_OR_NULL,
    "comment": _TEXT_OR_NULL,
    "source": _TEXT,
    "occurred_at": _DATE,
    "mark": _DATE,
    "recorded_at": _DATE,
    "quiet": {"bsonType": "bool"},
    "by": _TEXT,
    "own": _TEXT_OR_NULL,
}
# `own` came later: what is stored without it stays valid.
_REQUIRED = [name for name in _REVISION if name != "own"]
_RESULT = {
    "bsonType": "object",
    "required": ["_id", *_REQUIRED],
    "additionalProperties": False,
    "properties": {"_id": _TEXT, **_REVISION},
}
_PAST = {
    "bsonType": "object",
    "required": ["_id", "result", *_REQUIRED],
    "additionalProperties": False,
    "properties": {"_id": _TEXT, "result": _TEXT, **_REVISION},
}
_NAMED = {"bsonType": "object", "required": ["_id", "n", "revision"], "properties": {"n": _NUMBER, "revision": _NUMBER}}
# `_id`: source and id of an event of another system; what guards the source against using an id twice.
_EVENT = {
    "bsonType": "object",
    "required": ["_id", "digest", "status", "result", "revision", "at"],
    "properties": {
        "_id": _TEXT,
        "digest": _TEXT_OR_NULL,
        "status": {"enum": ["accepted", "corrected", "unchanged", "superseded"]},
        "result": _TEXT,
        "revision": _NUMBER,
        "at": _DATE,
    },
}
# Rows of before have `value`, the beginning of what was sent, instead of `bytes` and `sha256`; they go in 90 days.
_REFUSAL = {
    "bsonType": "object",
    "required": ["source", "client", "event", "code", "message", "errors", "at"],
    "properties": {
        "source": _TEXT_OR_NULL,
        "client": _TEXT_OR_NULL,
        "event": _TEXT_OR_NULL,
        "code": _TEXT,
        "message": _TEXT,
        "errors": {"bsonType": "array"},
        "bytes": {"bsonType": ["int", "long"], "minimum": 0},
        "sha256": _TEXT,
        "at": _DATE,
    },
}
_CHANGE = {"bsonType": "object", "required": ["n"], "properties": {"n": _NUMBER}}
_RECORDED = (("recorded_at", ASCENDING), ("_id", ASCENDING))
_NEW = (Index((("n", ASCENDING),)),)

SCHEMAS: tuple[Schema, ...] = (
    # `_id` follows from procedure, subject and period, which makes it their unique constraint.
    Schema(
        "results",
        (
            Index(_RECORDED),
            Index((("municipality", ASCENDING), *_RECORDED)),
            Index((("period", ASCENDING), ("procedure", ASCENDING), *_RECORDED)),
            Index((("procedure", ASCENDING), *_RECORDED)),
            Index((("organization", ASCENDING), *_RECORDED), partial={"organization": {"$gt": ""}}, word="of_schools"),
        ),
        _RESULT,
        gone=("organization_1_recorded_at_1__id_1",),
    ),
    Schema("revisions", (Index((("result", ASCENDING), ("revision", ASCENDING)), unique=True),), _PAST),
    Schema("events", (Index((("at", ASCENDING),), expire_after=EVENTS_KEPT),), _EVENT),
    Schema(
        "refusals",
        (
            Index((("source", ASCENDING), ("at", DESCENDING), ("_id", DESCENDING))),
            Index((("client", ASCENDING), ("at", DESCENDING), ("_id", DESCENDING))),
            Index((("at", DESCENDING), ("_id", DESCENDING))),
            Index((("at", ASCENDING),), expire_after=REFUSALS_KEPT),
        ),
        _REFUSAL,
    ),
    Schema("procedures", (*_NEW, Index((("code", ASCENDING),))), _NAMED),
    Schema("sources", _NEW, _NAMED),
    Schema("municipalities", (*_NEW, Index((("history.oktmo", ASCENDING),))), _NAMED),
    Schema("organizations", _NEW, _NAMED),
    Schema("directory_changes", (), _CHANGE),
)
