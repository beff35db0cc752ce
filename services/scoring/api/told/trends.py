"""The shapes of trends: series of years with what stands between them."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from services.scoring.api.told.scores import CoverageAnswer, FlagAnswer, NamedMunicipality, Reached, Without
from shared.web import Exact, Shape

Basis = Literal["own", "predecessor", "combined", "not_comparable"]


class _ScoredPart(Shape):
    municipality: NamedMunicipality
    state: Literal["scored"]
    points: Exact
    maximum: Exact
    share: Exact
    percent: int
    level: Reached
    rank: int | None
    reason: None


class _UnscoredPart(Shape):
    municipality: NamedMunicipality
    state: Without
    reason: str | None


TrendPart = Annotated[_ScoredPart | _UnscoredPart, Field(discriminator="state")]


class _Line(Shape):
    period: str
    methodology: str | None
    basis: Basis
    parts: list[TrendPart]
    coverage: CoverageAnswer | None = Field(description="null — процедуры и того, что сложено из предшественников")


class TrendScored(_Line, _ScoredPart):
    """A year with a score; a combined one has no rank."""


class TrendUnscored(_Line, _UnscoredPart):
    """A year without one, and why."""


TrendLine = Annotated[TrendScored | TrendUnscored, Field(discriminator="state")]


class _Break(Shape):
    after: str
    before: str
    words: str


class MethodologyBreak(_Break):
    """Another edition of the methodology: the years before and after are counted by different rules."""

    kind: Literal["methodology"]
    old: str = Field(alias="from")
    new: str = Field(alias="to")


class TerritoryBreak(_Break):
    """A reform: what became what, on which day."""

    kind: Literal["territory"]
    reform: Literal["rename", "change_of_kind", "join", "split"]
    on: date
    old: list[NamedMunicipality] = Field(alias="from")
    new: list[NamedMunicipality] = Field(alias="to")


AnyBreak = Annotated[MethodologyBreak | TerritoryBreak, Field(discriminator="kind")]


class TrendSeries(Shape):
    """One municipality by one group or procedure: a line a year, the oldest first."""

    municipality: NamedMunicipality
    group: str
    title: str
    lines: list[TrendLine]
    breaks: list[AnyBreak]


class TrendFlag(FlagAnswer):
    """The same for the series of a group or procedure, in a period."""

    period: str
    group: str


class TrendAnswer(Shape):
    """The series; years that this reader may not see are named in `withheld` and left out.

    `editions`: which edition the years that are shown as they were published are of; all others are live.
    """

    until: str
    region: str
    territory: Literal["as_was", "as_is"]
    periods: list[str]
    withheld: list[str]
    editions: dict[str, str]
    flags: list[TrendFlag]
    series: list[TrendSeries]
