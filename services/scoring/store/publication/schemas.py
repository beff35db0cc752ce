"""The collections of publication, with their indexes and validators."""

from services.scoring.store.kinds import COUNT, TEXT, document
from services.scoring.store.publication.documents import with_region
from shared.mongo import ASCENDING, DESCENDING, Index, Schema

COURSES, EDITIONS, OBJECTIONS = "rating_courses", "rating_editions", "rating_objections"
CONTENTS, FILES, KEYS = "rating_contents", "rating_files", "signing_keys"


SCHEMAS = (
    Schema(COURSES, (), document(["count"], count=COUNT)),  # _id: period, of a region beside the home one region-period
    Schema(
        EDITIONS,
        (Index((("period", ASCENDING), ("number", DESCENDING))),),
        document(["period", "number", "state", "revision", "steps"], period=TEXT, state=TEXT, revision=COUNT),
        version=2,
        upcasters={1: with_region},
    ),
    Schema(
        OBJECTIONS,
        (Index((("edition", ASCENDING), ("number", ASCENDING))),),
        document(["edition", "municipality", "state", "settled"], edition=TEXT, municipality=TEXT, state=TEXT),
    ),
    # Named by edition and stage; `packed` is zlib of the canonical document.
    Schema(CONTENTS, (), document(["sha256", "packed", "facts", "names"], sha256=TEXT, packed={"bsonType": "binData"})),
    # Named by edition and file.
    Schema(
        FILES,
        (Index((("edition", ASCENDING),)),),
        document(["edition", "name", "media_type", "sha256", "size", "packed"], sha256=TEXT, size=COUNT),
    ),
    # _id: thumbprint; public keys that have ever signed a manifest.
    Schema(KEYS, (), document(["key", "at"], key={"bsonType": "object", "required": ["kid", "kty"]})),
)
