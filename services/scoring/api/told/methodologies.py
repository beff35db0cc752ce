"""The shapes of editions of the methodology and of what does not agree in them."""

from typing import Literal

from pydantic import ConfigDict, Field

from shared.web import PageShape, Shape


class InForce(Shape):
    """The years for which an edition counts; an open end is null."""

    first: int = Field(alias="from")
    last: int | None = Field(alias="to")


class GroupName(Shape):
    """A group of procedures."""

    key: str
    title: str


class MethodologySummary(Shape):
    """An edition in a list."""

    id: str
    title: str
    in_force: InForce
    groups: list[GroupName]


class MethodologyPage(PageShape[MethodologySummary]):
    """All editions, the newest first."""


class MethodologyDocument(Shape):
    """An edition as it was put; its format is described in docs/methodology.md."""

    model_config = ConfigDict(extra="allow")
    id: str
    title: str


class MethodologySchema(Shape):
    """A JSON Schema (draft 2020-12)."""

    model_config = ConfigDict(extra="allow")
    title: str


class ContradictionAnswer(Shape):
    """What does not agree inside an edition, and how to mend it."""

    code: str
    where: str
    message: str
    remedy: str


class ContradictionPage(PageShape[ContradictionAnswer]):
    """All contradictions of an edition."""


class MethodologyPut(Shape):
    """What became of a put edition, and what does not agree in it."""

    id: str
    status: Literal["created", "unchanged"]
    contradictions: list[ContradictionAnswer]
