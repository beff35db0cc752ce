"""What validators of scoring's collections say of a document and its fields."""

from typing import Any

TEXT = {"bsonType": "string"}
TEXT_OR_NULL = {"bsonType": ["string", "null"]}
COUNT = {"bsonType": ["int", "long"], "minimum": 0}


def document(required: list[str], **properties: Any) -> dict[str, Any]:
    """A document with these fields, and kinds of some."""
    return {"bsonType": "object", "required": required, "properties": properties}
