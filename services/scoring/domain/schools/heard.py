"""What was last heard of a school's year, with or without thresholds: by it is known whether signs are out of date."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.scoring.domain.schools.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Heard:
    """A school's year: whose the school was, and `seen`, a digest of the revisions of the year's results."""

    school: str
    year: int
    municipality: str | None
    seen: str


def heard(school: str, sheets: Sequence[Sheet]) -> list[Heard]:
    """Every year that a school has results of."""
    years: dict[int, list[Sheet]] = {}
    for sheet in sheets:
        years.setdefault(sheet.year, []).append(sheet)
    return [Heard(school, year, owner(own), _digest(own)) for year, own in sorted(years.items())]


def owner(sheets: Iterable[Sheet]) -> str | None:
    """Whose the school was by the last of these results."""
    return max(sheets, key=lambda one: (one.period, one.result)).municipality


def _digest(sheets: Iterable[Sheet]) -> str:
    """Tells the revisions of these results from any others."""
    named = " ".join(sorted(f"{sheet.result}:{sheet.revision}" for sheet in sheets))
    return hashlib.blake2b(named.encode(), digest_size=16).hexdigest()


def heard_document(one: Heard) -> dict[str, Any]:
    """The same as plain data."""
    return {"organization": one.school, "year": one.year, "municipality": one.municipality, "seen": one.seen}


def heard_from(document: Mapping[str, Any]) -> Heard:
    """What is behind `heard_document`."""
    return Heard(document["organization"], document["year"], document["municipality"], document["seen"])
