"""The nine indicators as data: which items count, which of them are the numerator; read from a document."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, cast

Kind = Literal["count", "share", "difference"]
Says = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Condition:
    """A field must have a value, or be strictly above a number."""

    field: str
    value: Any = None
    above: Fraction | None = None

    def holds(self, says: Says) -> bool:
        """Whether an item meets it; what an item does not say meets nothing."""
        found = says.get(self.field)
        if found is None:
            return False
        return bool(found == self.value) if self.above is None else Fraction(found) > self.above


@dataclass(frozen=True, slots=True)
class Part:
    """Which items are counted, under which words."""

    title: str
    conditions: tuple[Condition, ...] = ()

    def holds(self, says: Says) -> bool:
        """Whether an item meets every condition."""
        return all(one.holds(says) for one in self.conditions)


@dataclass(frozen=True, slots=True)
class Definition:
    """One indicator: a count, a share (`numerator` of `items`) or the difference to the year before."""

    code: str
    criterion: str
    kind: Kind
    unit: str
    title: str
    point: str
    of: str
    items: Part
    numerator: Part | None = None
    threshold: str | None = None


@dataclass(frozen=True, slots=True)
class Definitions:
    """All indicators with their source, the words of the criteria, and procedures that are not the region's own."""

    source: str
    criteria: Mapping[str, str]
    not_within_region: Mapping[str, str]
    indicators: tuple[Definition, ...]


def read_definitions(document: Mapping[str, Any]) -> Definitions:
    """The definitions in a plain document of the repository; a wrong one is a bug and raises at start."""
    return Definitions(
        source=document["source"],
        criteria=dict(document["criteria"]),
        not_within_region=dict(document["not_within_region"]),
        indicators=tuple(_definition(one, document["criteria"]) for one in document["indicators"]),
    )


def _definition(told: Mapping[str, Any], criteria: Mapping[str, str]) -> Definition:
    kind, numerator = told["kind"], told.get("numerator")
    if kind not in {"count", "share", "difference"} or told["criterion"] not in criteria:
        raise LookupError(f"{told['code']}: unknown kind or criterion")
    if (kind == "share") != (numerator is not None):
        raise LookupError(f"{told['code']}: a share has a numerator, nothing else has one")
    return Definition(
        code=told["code"],
        criterion=told["criterion"],
        kind=cast("Kind", kind),
        unit=told["unit"],
        title=told["title"],
        point=told["point"],
        of=told["of"],
        items=_part(told["items"]),
        numerator=None if numerator is None else _part(numerator),
        threshold=told.get("threshold"),
    )


def _part(told: Mapping[str, Any]) -> Part:
    return Part(told["title"], tuple(_condition(field, wanted) for field, wanted in told.get("where", {}).items()))


def _condition(field: str, wanted: Any) -> Condition:
    if isinstance(wanted, Mapping):
        return Condition(field, above=Fraction(str(wanted["above"])))
    return Condition(field, value=wanted)
