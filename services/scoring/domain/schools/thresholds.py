"""A versioned set of thresholds: by which limits schools are listed, and with which parameters signs are looked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from services.scoring.domain.schools.sheet import Measure

Comparison = Literal["at_least", "at_most"]
# So many scores below a boundary of marks are looked at with it: boundaries nearer than one more share works.
BELOW = 2


@dataclass(frozen=True, slots=True)
class Limit:
    """A share from 0 to 1 that a measure reaches from below (`at_least`) or from above (`at_most`)."""

    measure: Measure
    comparison: Comparison
    bound: Fraction

    def met(self, share: Fraction) -> bool:
        """Whether a share meets it; the bound itself does."""
        return share >= self.bound if self.comparison == "at_least" else share <= self.bound


@dataclass(frozen=True, slots=True)
class Limits:
    """When a result of one procedure is low and when strong; without `strong` it never is."""

    procedure: str
    low: Limit
    strong: Limit | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion of the lists: its subject, the procedures that tell of it, how many low results make it low."""

    key: str
    title: str
    subject: str
    limits: tuple[Limits, ...]
    needed: int = 1


@dataclass(frozen=True, slots=True)
class Needs:
    """What a statistical test needs before it speaks: the least n, the least effect."""

    minimum: int
    effect: Fraction


@dataclass(frozen=True, slots=True)
class SignParameters:
    """Parameters of the signs: the rate of false discoveries, and what each test looks at.

    `boundaries`: the primary scores at which the marks 3, 4 and 5 begin, by procedure; `pairs`: an external procedure
    and the school's own marks of the same subject and grade; `medals`: the procedure that counts medallists.
    """

    fdr: Fraction
    spike: Needs
    marks: Needs
    jump: Needs
    medals: Needs
    boundaries: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    pairs: tuple[tuple[str, str], ...] = ()
    medallists: str | None = None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """One edition of the set, in force for the years `first`..`last` (open when None); never edited once used.

    `together` low (strong) criteria put a school on the list of the set; over three years a procedure counts as low
    where it was so in `years_low` of them, strong where it was so in `years_strong` and low in none.
    """

    id: str
    title: str
    assumed: bool
    first: int
    last: int | None
    minimum: int
    criteria: tuple[Criterion, ...]
    together_low: int
    together_strong: int
    years_low: int
    years_strong: int
    signs: SignParameters

    def covers(self, year: int) -> bool:
        """Whether it is in force for a year."""
        return self.first <= year and (self.last is None or year <= self.last)


def thresholds_for(sets: Iterable[Thresholds], year: int) -> Thresholds | None:
    """The set for a year: the last that came into force, ties by id; None where there is none."""
    covering = [one for one in sets if one.covers(year)]
    return max(covering, key=lambda one: (one.first, one.id), default=None)
