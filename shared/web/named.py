"""Named shapes of an OpenAPI document stand once, among its components, and are referred to."""

from typing import Any

# What FastAPI calls a body that has no name.
NAMELESS = {"Body"}
PLACE = "#/components/schemas/"


def lift_named(document: dict[str, Any]) -> None:
    """Move every described object with a name of its own (`title`) from bodies and components to the components."""
    schemas: dict[str, Any] = document["components"]["schemas"]
    for name, schema in list(schemas.items()):
        schemas[name] = {key: _lifted(part, schemas) for key, part in schema.items()}
    for operations in document.get("paths", {}).values():
        for operation in operations.values():
            if "requestBody" in operation:
                operation["requestBody"] = _lifted(operation["requestBody"], schemas)


def _lifted(part: Any, schemas: dict[str, Any]) -> Any:
    if isinstance(part, list):
        return [_lifted(one, schemas) for one in part]
    if not isinstance(part, dict):
        return part
    lifted = {name: _lifted(one, schemas) for name, one in part.items()}
    name = lifted.get("title")
    if not isinstance(name, str) or name in NAMELESS or not _is_object(lifted):
        return lifted
    if schemas.setdefault(name, lifted) != lifted:
        raise LookupError(f"two shapes are called {name}")
    return {"$ref": PLACE + name}


def _is_object(schema: dict[str, Any]) -> bool:
    return schema.get("type") == "object" and isinstance(schema.get("properties"), dict)
