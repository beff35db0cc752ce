"""The shapes of answers for the API's description: nothing is checked by them while a request is answered.

`tests/contracts/answers.py` holds real answers against them, so that the description cannot lie.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema

T = TypeVar("T")
# A decimal where the number has a finite one, else a fraction.
Exact = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+|/[0-9]+)?$", examples=["1.5", "74/95"])]


class Shape(BaseModel):
    """An answer or a part of one; a field with a default may be left out."""


class PageShape(Shape, Generic[T]):
    """A page of a list; `next` is the cursor of the following one, or null."""

    items: list[T]
    next: str | None


class WrongShape(Shape):
    """One wrong place of what was sent."""

    pointer: str
    code: str
    message: str
    remedy: str


def _its_id(told: Any) -> Any:
    return told.get("id", told) if isinstance(told, Mapping) else told


# A thing that answers name by `{"id", …}` may be told so, too: what was read is put back as it came.
BY_ID: tuple[Any, ...] = (
    BeforeValidator(_its_id),
    WithJsonSchema({
        "anyOf": [
            {"type": "string", "minLength": 1, "maxLength": 100},
            {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]},
        ]
    }),
)  # fmt: skip


def left_out() -> Any:
    """The default of a field that is not always there; null only where its type says so."""
    return Field(default_factory=_never)


def _never() -> Any:
    raise LookupError("shapes describe answers, they do not make them")


def header(name: str, words: str, *, required: bool = True) -> dict[str, Any]:
    """A header of an answer for the API's description; a required one is always there."""
    return {name: {"description": words, "required": required, "schema": {"type": "string"}}}


# Of an answer that has an ETag, whatever its media type.
TAG = header("ETag", "версия или содержание ответа: для If-Match, для If-None-Match")


def answers(
    shape: type[Shape], *statuses: int, words: str = "", also: Mapping[str, Any] | None = None, tagged: bool = False
) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a door: this shape under these statuses (200).

    `words` say what the last status means, `also` are other media types of the same answer; `tagged`: with an ETag.
    """
    found: dict[int | str, dict[str, Any]] = {status: {"model": shape} for status in statuses or (200,)}
    for one in found.values() if tagged else ():
        one["headers"] = TAG
    last = found[(statuses or (200,))[-1]]
    if words:
        last["description"] = words
    if also:
        last["content"] = dict(also)
    return found
