"""Documents that are put as YAML or JSON: editions of the methodology, threshold sets."""

from collections.abc import Callable
from typing import Any

import orjson
from fastapi import Request

from shared.exactjson import read, write
from shared.kernel import Malformed, Unsupported
from shared.web import is_json

YAML = frozenset({"application/yaml", "application/x-yaml", "text/yaml"})
BODY = {
    "requestBody": {
        "required": True,
        "content": {media: {"schema": {"type": "object"}} for media in ("application/yaml", "application/json")},
    }
}


async def document_of(request: Request, from_yaml: Callable[[str], tuple[Any, dict[str, Any]]]) -> dict[str, Any]:
    """The plain document of the body; Refused with every wrong place, named by line where it is YAML."""
    told = request.headers.get("content-type", "")
    body = await request.body()
    if told.partition(";")[0].strip().lower() in YAML:
        return from_yaml(_text(body))[1]
    if is_json(told):
        document: dict[str, Any] = orjson.loads(write(read(body)))
        return document
    raise Unsupported(
        "unsupported-media-type",
        "Такой вид тела не принимается",
        "Content-Type: application/yaml или application/json.",
    )


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        detail = f"Тело не в кодировке UTF-8: байт {error.start + 1}."
        raise Malformed("invalid-encoding", "Тело не читается", detail) from None
