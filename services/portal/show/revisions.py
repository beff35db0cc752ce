"""Revisions of a result side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.portal.show.entry import highest
from services.portal.show.numbers import number

NO_DATA = "нет данных"
Revision = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator in two revisions, the newer first; `changed` where they differ."""

    name: str
    maximum: str
    now: str
    before: str | None
    changed: bool


def newest_first(revisions: Sequence[Revision]) -> list[Revision]:
    """The revisions from the one that holds to the first."""
    return sorted(revisions, key=lambda one: -int(one["revision"]))


def compared(revisions: Sequence[Revision], indicators: Sequence[Mapping[str, Any]]) -> list[Line]:
    """A line per indicator; `before` is None where there is only one revision."""
    if not revisions:
        return []
    lines = []
    for one in indicators:
        told = [said(revision, one["key"]) for revision in revisions]
        before = told[1] if len(told) > 1 else None
        changed = before is not None and before != told[0]
        lines.append(Line(one["name"], number(highest(one)), told[0], before, changed))
    return lines


def said(revision: Revision, key: str) -> str:
    """What a revision says of an indicator, in words where there is no number."""
    if revision["status"] == "withdrawn":
        return "отозван"
    if revision.get("not_applicable"):
        return "не применялась"
    value = (revision.get("values") or {}).get(key)
    return NO_DATA if value is None else number(value)
