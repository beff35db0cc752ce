"""Collections, indexes and validators of road maps, applied by `rsoko migrate`."""

from typing import Any

from shared.mongo import ASCENDING, DESCENDING, Document, Index, Schema

_TEXT = {"bsonType": "string"}
_TEXT_OR_NULL = {"bsonType": ["string", "null"]}
_REVISION = {"bsonType": ["int", "long"], "minimum": 1}


def _needs(*names: str, **properties: Any) -> dict[str, Any]:
    return {"bsonType": "object", "required": ["_id", "v", *names], "properties": properties}


def _with_codes(document: Document) -> Document:
    """Documents of version 1 knew the last code only."""
    return {**document, "codes": [document["oktmo"]]}


def _with_history(document: Document) -> Document:
    """Documents of version 2 did not know since when; of revision 0, so that reading the topic again brings it."""
    codes = sorted(document["codes"], key=lambda code: bool(code == document["oktmo"]))
    history = [{"name": document["name"], "oktmo": code, "since": "0001-01-01"} for code in codes]
    return {**document, "revision": 0, "history": history}


MUNICIPALITIES = Schema(
    "municipalities",
    indexes=(Index((("history.oktmo", ASCENDING),)),),
    validator=_needs("revision", "region", "history", revision=_REVISION),
    version=3,
    upcasters={1: _with_codes, 2: _with_history},
)
SCORES = Schema(
    "scores",
    indexes=(Index((("period", ASCENDING), ("municipality", ASCENDING)), unique=True),),
    validator=_needs("revision", "municipality", "period", revision=_REVISION),
)
ROADMAPS = Schema("roadmaps", validator=_needs("revision", "title", "region", revision=_REVISION))
ACTIVITIES = Schema(
    "activities",
    indexes=(
        Index((("roadmap", ASCENDING), ("place", ASCENDING))),
        Index((("region", ASCENDING), ("municipality", ASCENDING))),
        Index((("told", ASCENDING),)),
    ),
    validator=_needs(
        "roadmap", "region", "municipality", "task", "revision", municipality=_TEXT_OR_NULL, revision=_REVISION
    ),
)
EXECUTIONS = Schema(
    "executions",
    # What was not told yet is looked for all the time, among all that ever was reported.
    indexes=(Index((("activity", ASCENDING),)), Index((("told", ASCENDING),))),
    validator=_needs("activity", "side", "evidence", "revision", activity=_TEXT, revision=_REVISION),
)
_NEWEST = (("at", DESCENDING), ("_id", DESCENDING))
# `_id` follows from the cause: municipality, period, group and score revision; one cause, one recommendation.
RECOMMENDATIONS = Schema(
    "recommendations",
    indexes=(
        Index(_NEWEST),
        Index((("municipality", ASCENDING), *_NEWEST)),
        Index((("state", ASCENDING), ("municipality", ASCENDING), *_NEWEST)),
    ),
    validator=_needs(
        "municipality",
        "period",
        "basis",
        "state",
        "revision",
        "at",
        municipality=_TEXT,
        state={"enum": ["drafted", "issued", "considered", "accepted", "declined", "discarded"]},
        revision=_REVISION,
        at={"bsonType": "date"},
    ),
)
SCHEMAS: tuple[Schema, ...] = (MUNICIPALITIES, SCORES, ROADMAPS, ACTIVITIES, EXECUTIONS, RECOMMENDATIONS)
