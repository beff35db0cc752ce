"""The shapes of two scores compared: the difference of the shares in exact terms."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from services.scoring.api.told.explanations import EditionBehind
from services.scoring.api.told.scores import AnyScore, CoverageAnswer, ScoreHead
from shared.web import Exact, Shape, left_out


class ComparedHead(ScoreHead):
    """One side: whose score of which period, at which instant."""

    edition: EditionBehind
    as_of: datetime
    data_at: datetime | None


class TermSide(Shape):
    """One side of a term; a part that the side's edition does not have did not exist."""

    state: Literal["scored", "no_data", "not_applicable", "did_not_exist"]
    points: Exact | None
    maximum: Exact | None


class TermAnswer(Shape):
    """What one part makes of the difference of shares: `difference` = `of_points` + `of_maximum`, exactly.

    `terms` below sum to it; `over_maximum` is what a procedure's maximum takes off the sum of its indicators.
    """

    part: Literal["group", "procedure", "indicator", "over_maximum"]
    key: str
    title: str
    a: TermSide
    b: TermSide
    difference: Exact
    of_points: Exact
    of_maximum: Exact
    terms: list["TermAnswer"] = left_out()


class BothCoverages(Shape):
    """How complete either side is."""

    a: CoverageAnswer
    b: CoverageAnswer


class Compared(Shape):
    """Two scores of one table; the difference is that of the exact shares, null where one side has none."""

    a: AnyScore
    b: AnyScore
    coverage: BothCoverages
    difference: Exact | None
    terms: list[TermAnswer] = left_out()


class ComparedGroup(Compared):
    """The same of a group."""

    group: str
    title: str


class ComparisonAnswer(Shape):
    """`a` less `b`, overall and by group; the terms of each sum to its difference."""

    a: ComparedHead
    b: ComparedHead
    same_edition: bool
    detailed: bool = Field(description="названы ли процедуры и показатели")
    overall: Compared
    groups: list[ComparedGroup]
