"""One result of a school as lists look at it: counts and shares of the last revision, exact."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from services.scoring.domain.points import number
from services.scoring.domain.schools.counting import Claim

MARKS = ("m2", "m3", "m4", "m5")
GOOD = ("m4", "m5")
PARTICIPANTS = "participants"
# What lists and profiles read of a result's values; histograms are left where they are stored.
READ = (PARTICIPANTS, *MARKS, "percent", "below_minimum", "medallists", "medallists_under_70")
PERCENT = 100
Measure = Literal["low_share", "high_share", "mean_share"]
MEASURES: tuple[Measure, ...] = ("low_share", "high_share", "mean_share")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The last revision of a school's result; `values` is None where it was withdrawn or did not apply.

    `municipality`: whose the school was when the first revision was recorded; `recorded`: when that was, as a text
    that sorts as time does.
    """

    result: str
    revision: int
    procedure: str
    period: str
    municipality: str | None
    values: Mapping[str, str | None] | None
    exempt: bool = False
    recorded: str = ""
    year: int = field(default=0, compare=False)

    @property
    def claim(self) -> Claim:
        """By what it counts, or another result of the same procedure and year does."""
        return Claim(self.values is not None or self.exempt, self.period, self.result)

    def number(self, name: str) -> Fraction | None:
        """A value, None for no data."""
        text = (self.values or {}).get(name)
        return None if text is None else number(text)

    @property
    def participants(self) -> int | None:
        """How many took part: as told, else as many as there are marks."""
        told = self.number(PARTICIPANTS)
        if told is not None:
            return int(told)
        marks = self._marks()
        return None if marks is None else sum(marks.values())

    def cases(self, name: Measure) -> int | None:
        """Of how many a measure is a share: of no more than there are marks, where it is one of marks."""
        marks = None if name == "mean_share" else self._marks()
        told = self.participants
        return told if told is None or marks is None else min(told, sum(marks.values()))

    def measure(self, name: Measure) -> Fraction | None:
        """A share from 0 to 1: of low results, of good and excellent marks, or the mean of the maximum."""
        if name == "mean_share":
            percent = self.number("percent")
            return None if percent is None else percent / PERCENT
        marks = self._marks()
        if marks is not None:
            counted = marks["m2"] if name == "low_share" else sum(marks[mark] for mark in GOOD)
            return Fraction(counted, sum(marks.values()))
        below = self.number("below_minimum") if name == "low_share" else None
        return None if below is None else below / PERCENT

    def _marks(self) -> dict[str, int] | None:
        """The counts of all four marks; None unless all are told and somebody has one."""
        told = self.values or {}
        known = {mark: int(text) for mark in MARKS if (text := told.get(mark)) is not None and text.isdigit()}
        return known if len(known) == len(MARKS) and any(known.values()) else None


def latest(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Of facts of several revisions the last of each result, in the order of results."""
    found: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        held = found.get(row["result"])
        if held is None or held["revision"] < row["revision"]:
            found[row["result"]] = row
    return [found[result] for result in sorted(found)]
