"""The collections of publication, with their indexes and validators."""

from typing import Any

from services.scoring.store.publication.documents import with_region
from shared.mongo import ASCENDING, DESCENDING, Index, Schema

_TEXT = {"bsonType": "string"}
_COUNT = {"bsonType": ["int", "long"], "minimum": 0}
COURSES, EDITIONS, OBJECTIONS = "rating_courses", "rating_editions", "rating_objections"
CONTENTS, FILES, KEYS = "rating_contents", "rating_files", "signing_keys"


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"bsonType": "object", "required": required, "properties": properties}


SCHEMAS = (
    Schema(COURSES, (), _object(["count"], count=_COUNT)),  # _id: period, of a region beside the home one region-period
    Schema(
        EDITIONS,
        (Index((("period", ASCENDING), ("number", DESCENDING))),),
        _object(["period", "number", "state", "revision", "steps"], period=_TEXT, state=_TEXT, revision=_COUNT),
        version=2,
        upcasters={1: with_region},
    ),
    Schema(
        OBJECTIONS,
        (Index((("edition", ASCENDING), ("number", ASCENDING))),),
        _object(["edition", "municipality", "state", "settled"], edition=_TEXT, municipality=_TEXT, state=_TEXT),
    ),
    # Named by edition and stage; `packed` is zlib of the canonical document.
    Schema(CONTENTS, (), _object(["sha256", "packed", "facts", "names"], sha256=_TEXT, packed={"bsonType": "binData"})),
    # Named by edition and file.
    Schema(
        FILES,
        (Index((("edition", ASCENDING),)),),
        _object(["edition", "name", "media_type", "sha256", "size", "packed"], sha256=_TEXT, size=_COUNT),
    ),
    # _id: thumbprint; public keys that have ever signed a manifest.
    Schema(KEYS, (), _object(["key", "at"], key={"bsonType": "object", "required": ["kid", "kty"]})),
)
