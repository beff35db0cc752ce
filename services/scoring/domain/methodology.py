"""A methodology as immutable objects: groups, procedures, indicators, bands, exemptions, years in force."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from services.scoring.domain.period import period_year
from services.scoring.domain.rules import ZERO, Relative, Rule

Level = Literal["low", "medium", "above_average", "high"]
LEVELS: tuple[Level, ...] = ("low", "medium", "above_average", "high")
OVERALL = "overall"
Texts = tuple[str | None, ...]
Sum = tuple[Fraction | None, tuple[str, ...]]


def half_up(number: Fraction) -> int:
    """A non-negative number rounded to an integer, halves up."""
    return (2 * number.numerator + number.denominator) // (2 * number.denominator)


@dataclass(frozen=True, slots=True)
class Bands:
    """Levels by integer bounds, both ends included; a number outside every band has no level."""

    bounds: tuple[tuple[Level, int, int], ...]
    _levels: tuple[Level | None, ...] = field(init=False, repr=False, compare=False, default=())

    def __post_init__(self) -> None:
        levels: list[Level | None] = [None] * (1 + max((last for _, _, last in self.bounds), default=-1))
        for level, first, last in self.bounds:
            levels[first : last + 1] = [level] * (last + 1 - first)
        object.__setattr__(self, "_levels", tuple(levels))

    def level(self, number: int) -> Level | None:
        """The level of a non-negative integer (a percent, or points rounded half-up)."""
        return self._levels[number] if number < len(self._levels) else None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator: its key, maximum and the rule that makes points of a value."""

    key: str
    maximum: Fraction
    rule: Rule


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure as this methodology scores it; `assumed` marks a maximum that no document publishes."""

    key: str
    code: int
    title: str
    maximum: Fraction
    indicators: tuple[Indicator, ...]
    assumed: bool = False
    keys: tuple[str, ...] = field(init=False, repr=False, compare=False, default=())
    relative: Mapping[str, Relative] = field(init=False, repr=False, compare=False, default_factory=dict)
    # Memory of sums by the texts of all indicators: the same few results come again and again.
    summed_up: dict[Texts, Sum] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", tuple(indicator.key for indicator in self.indicators))
        relative = {one.key: one.rule for one in self.indicators if isinstance(one.rule, Relative)}
        object.__setattr__(self, "relative", relative)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of procedures: `declared` is the maximum that its document states, `summed` the one in use.

    Shares are taken of the sum of the procedures' maxima.
    """

    key: str
    title: str
    procedures: tuple[Procedure, ...]
    declared: Fraction | None = None
    points_bands: Bands | None = None
    summed: Fraction = field(init=False, repr=False, compare=False, default=ZERO)

    def __post_init__(self) -> None:
        object.__setattr__(self, "summed", sum((one.maximum for one in self.procedures), ZERO))


@dataclass(frozen=True, slots=True)
class Exemption:
    """Where a procedure does not apply by default, why, and the act that says so."""

    procedure: str
    period: str
    municipalities: frozenset[str]
    reason: str
    act: str


class Statement(NamedTuple):
    """What an applicability act says of a procedure and a municipality: that it does not apply, why, by which act."""

    id: str
    reason: str
    act: str


@dataclass(frozen=True, slots=True)
class Methodology:
    """One edition of the rules; `first`..`last` are the years it is in force for (`last` open when None).

    `act` is the act that put it in force; `stated` holds what applicability acts of one period say, by procedure
    and municipality (`stating` binds them).
    """

    id: str
    title: str
    first: int
    last: int | None
    groups: tuple[Group, ...]
    percent_bands: Bands
    declared: Fraction | None = None
    overall_points_bands: Bands | None = None
    exemptions: tuple[Exemption, ...] = ()
    act: str | None = None
    stated: Mapping[tuple[str, str], Statement] = field(hash=False, default_factory=dict)
    procedures: Mapping[str, Procedure] = field(init=False, repr=False, compare=False, default_factory=dict)
    group_of: Mapping[str, str] = field(init=False, repr=False, compare=False, default_factory=dict)
    relative: Mapping[str, Procedure] = field(init=False, repr=False, compare=False, default_factory=dict)
    summed: Fraction = field(init=False, repr=False, compare=False, default=ZERO)
    # Memory of scores by the sums they follow from, filled by card.remembered.
    scored: dict[Any, Any] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        every = {procedure.key: procedure for group in self.groups for procedure in group.procedures}
        groups = {procedure.key: group.key for group in self.groups for procedure in group.procedures}
        object.__setattr__(self, "procedures", every)
        object.__setattr__(self, "group_of", groups)
        relative = {key: procedure for key, procedure in every.items() if procedure.relative}
        object.__setattr__(self, "relative", relative)
        object.__setattr__(self, "summed", sum((group.summed for group in self.groups), ZERO))

    def covers(self, period: str) -> bool:
        """Whether this edition is in force for a period (a school year counts by the year it ends in)."""
        year = period_year(period)
        return self.first <= year and (self.last is None or year <= self.last)

    def stating(self, stated: Mapping[tuple[str, str], Statement]) -> "Methodology":
        """The edition for one period together with what its applicability acts say."""
        return replace(self, stated=stated) if stated or self.stated else self

    def stated_of(self, municipality: str) -> dict[str, Statement]:
        """What the acts say of one municipality, by procedure."""
        return {key: one for (key, whose), one in self.stated.items() if whose == municipality}

    def counted(self, table: str, without: Collection[str] = ()) -> list[str]:
        """The procedures that a table (a group, `overall`, a procedure) is made of."""
        return [key for key, group in self.group_of.items() if key not in without and table in {OVERALL, group, key}]

    def exemption(self, procedure: str, municipality: str, period: str) -> Exemption | None:
        """The default that a procedure does not apply to a municipality in a period, if there is one."""
        for entry in self.exemptions:
            same = entry.procedure == procedure and entry.period == period
            if same and municipality in entry.municipalities:
                return entry
        return None

    def overall_maximum(self, not_applicable: Fraction) -> Fraction:
        """The declared maximum (else the sum) less the maxima that do not apply; nothing where nothing applies.

        Where a declared maximum smaller than the sum would shrink to nothing, the applicable sum stands.
        """
        if not_applicable >= self.summed:
            return ZERO
        whole = self.summed if self.declared is None else self.declared
        left = whole - not_applicable
        return left if left > 0 else self.summed - not_applicable
