"""Documents that are put as YAML or JSON: editions of the methodology, threshold sets."""

from collections.abc import Callable, Iterator
from typing import Any

import orjson
from fastapi import Request

from services.scoring.domain.yaml_text import step
from shared.exactjson import read, write
from shared.kernel import FieldError, Malformed, Refused, Unsupported
from shared.texts import unreadable
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
    document = await _plain(request, from_yaml)
    errors = list(_unreadable(document, ""))
    if errors:
        detail = f"Непечатаемые знаки, мест: {len(errors)}."
        raise Refused("unreadable-text", "Документ не принят", detail, errors=errors)
    return document


async def _plain(request: Request, from_yaml: Callable[[str], tuple[Any, dict[str, Any]]]) -> dict[str, Any]:
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


def _unreadable(value: Any, pointer: str) -> Iterator[FieldError]:
    """Every text with a character that no page or paper can carry."""
    if isinstance(value, dict | list):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _unreadable(one, step(pointer, key))
    elif isinstance(value, str) and (at := unreadable(value)) is not None:
        sign = f"U+{ord(value[at]):04X}"
        yield FieldError(pointer, "unreadable-text", f"Непечатаемый знак {sign}", "Уберите этот знак")


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        detail = f"Тело не в кодировке UTF-8: байт {error.start + 1}."
        raise Malformed("invalid-encoding", "Тело не читается", detail) from None
