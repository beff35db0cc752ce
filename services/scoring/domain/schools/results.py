"""Results of schools as they are read: of each procedure the one that counts in a year, and what it is about."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from services.scoring.domain.schools.counting import counted
from services.scoring.domain.schools.settling import sheets_of
from services.scoring.domain.schools.sheet import Sheet

Row = Mapping[str, Any]


class Described(NamedTuple):
    """What a procedure makes comparable of schools, as the catalogue describes it; None where it does not."""

    subject: str | None = None
    level: str | None = None
    grade: int | None = None


class Among(NamedTuple):
    """Which procedures are asked for: one of them, those of a subject, those of a level; None: whatever it is."""

    procedure: str | None = None
    subject: str | None = None
    level: str | None = None

    def has(self, procedure: str, described: Described) -> bool:
        """Whether a procedure is among them; one that is not described for schools has no subject and no level."""
        asked = (self.procedure, self.subject, self.level)
        told = (procedure, described.subject, described.level)
        return all(one is None or one == other for one, other in zip(asked, told, strict=True))


def described_of(procedures: Iterable[Row]) -> dict[str, Described]:
    """By procedure, what the catalogue says of it for schools."""
    return {
        row["_id"]: Described(row["school"]["subject"], row["school"]["level"], row["school"].get("grade"))
        for row in procedures
        if row.get("school")
    }


def results_of(facts: Iterable[Row]) -> dict[str, list[Sheet]]:
    """By school, the results of a year that count, in the order of procedures; withdrawn ones count nowhere."""
    by_school: dict[str, list[Row]] = {}
    for row in facts:
        by_school.setdefault(row["organization"], []).append(row)
    return {school: _counting(rows) for school, rows in by_school.items()}


def _counting(rows: list[Row]) -> list[Sheet]:
    chosen = counted(sheets_of(rows), place=lambda one: one.procedure, claim=lambda one: one.claim)
    return [sheet for _, sheet in sorted(chosen.items()) if sheet.claim.in_force]
