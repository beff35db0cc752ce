"""What was last heard of a school's year, with or without thresholds: by it is known whether signs are out of date."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.scoring.domain.schools.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Heard:
    """A school's year: whose the school was, and `seen`, a digest of the revisions of the year's results.

    `since`: when the result was first recorded by which it is known whose; None where it was kept before that decided.
    """

    school: str
    year: int
    municipality: str | None
    seen: str
    since: str | None = None


def heard(school: str, sheets: Sequence[Sheet]) -> list[Heard]:
    """Every year that a school has results of."""
    years: dict[int, list[Sheet]] = {}
    for sheet in sheets:
        years.setdefault(sheet.year, []).append(sheet)
    return [_heard(school, year, own) for year, own in sorted(years.items())]


def _heard(school: str, year: int, sheets: Sequence[Sheet]) -> Heard:
    last = _last(sheets)
    return Heard(school, year, last.municipality, _digest(sheets), last.recorded)


def owner(sheets: Iterable[Sheet]) -> str | None:
    """Whose the school was when the last of these results came first; corrections move nothing."""
    return _last(sheets).municipality


def _last(sheets: Iterable[Sheet]) -> Sheet:
    """Of the latest year what came last: within a year a school may change hands, whatever the periods."""
    return max(sheets, key=lambda one: (one.year, one.recorded, one.period, one.result))


def _digest(sheets: Iterable[Sheet]) -> str:
    """Tells the revisions of these results from any others."""
    named = " ".join(sorted(f"{sheet.result}:{sheet.revision}" for sheet in sheets))
    return hashlib.blake2b(named.encode(), digest_size=16).hexdigest()


def heard_document(one: Heard) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "organization": one.school,
        "year": one.year,
        "municipality": one.municipality,
        "seen": one.seen,
        "since": one.since,
    }


def heard_from(document: Mapping[str, Any]) -> Heard:
    """What is behind `heard_document`."""
    return Heard(
        school=document["organization"],
        year=document["year"],
        municipality=document["municipality"],
        seen=document["seen"],
        since=document.get("since"),
    )
