"""Revisions of a result side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.portal.show.entry import highest
from services.portal.show.numbers import number

NO_DATA = "нет данных"
UNDESCRIBED = " (в каталоге больше не описан)"
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


def held_too(procedure: Mapping[str, Any], revisions: Sequence[Revision]) -> dict[str, Any]:
    """The procedure with the indicators of which these revisions have values though the catalogue knows them no more.

    A form or a comparison without them would lose or hide those values; they have no name but their key, and no bound.
    Where the catalogue did not answer nothing is said to be gone from it.
    """
    if not procedure["indicators"]:
        return {**procedure}
    known = {one["key"] for one in procedure["indicators"]}
    values = [item for revision in revisions for item in (revision.get("values") or {}).items()]
    others = dict.fromkeys(key for key, value in values if value is not None and key not in known)
    undescribed = [{"key": key, "name": f"{key}{UNDESCRIBED}", "maximum": None} for key in others]
    return {**procedure, "indicators": [*procedure["indicators"], *undescribed]}


def said(revision: Revision, key: str) -> str:
    """What a revision says of an indicator, in words where there is no number."""
    if revision["status"] == "withdrawn":
        return "отозван"
    if revision.get("not_applicable"):
        return "не применялась"
    value = (revision.get("values") or {}).get(key)
    return NO_DATA if value is None else number(value)
