"""The shapes of scores by group and procedure, over the years, and as they would be."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from shared.web import Exact, PageShape, Shape, left_out

Level = Literal["low", "medium", "above_average", "high"]
# Null where the edition's percent bands leave a gap, and the percent is in it.
Reached = Level | None
Without = Literal["no_data", "not_applicable", "did_not_exist"]


class NamedMunicipality(Shape):
    """A municipality inside another answer; the code is null while the registry has not told it."""

    id: str
    name: str
    oktmo: str | None


class Scored(Shape):
    """A score: exact points of a maximum, the share, percent (half up), level, dense rank."""

    state: Literal["scored"]
    points: Exact
    maximum: Exact
    share: Exact
    percent: int
    level: Reached
    level_conflict: bool
    rank: int | None


class Unscored(Shape):
    """No score: only why."""

    state: Without


class ProcedureScored(Scored):
    """A procedure's score; `missing` names indicators without a value."""

    missing: list[str]


class ProcedureWithoutData(Shape):
    """A procedure that counts with its maximum, but has no value."""

    state: Literal["no_data"]
    maximum: Exact
    missing: list[str]


class ProcedureExempt(Shape):
    """A procedure that did not apply: why, by which act, and who says so (an act, a result, the edition).

    Who may not read results is not told the act of one, and instead of its reason a phrase.
    """

    state: Literal["not_applicable"]
    reason: str
    act: str | None
    basis: Literal["act", "result", "edition"]


class ProcedureUnborn(Shape):
    """A procedure of a municipality that did not exist in the period."""

    state: Literal["did_not_exist"]


AnyScore = Annotated[Scored | Unscored, Field(discriminator="state")]
AnyProcedure = Annotated[
    ProcedureScored | ProcedureWithoutData | ProcedureExempt | ProcedureUnborn, Field(discriminator="state")
]


class FlagInTable(Shape):
    """A procedure that is scored although its permitted uses do not name the scoring of municipalities."""

    procedure: str
    code: Literal["use-not-permitted"]
    act: str | None


class CoverageAnswer(Shape):
    """Of how many `procedures` there are data, of how many that apply; one without data gives no points."""

    procedures: int
    of: int


class FlagAnswer(FlagInTable):
    """The same with what the edition of the methodology calls it."""

    title: str


class ScoreHead(Shape):
    """Whose score of which period, by which edition of the methodology, and what must be known of its use."""

    municipality: NamedMunicipality
    period: str
    methodology: str
    flags: list[FlagAnswer]


class HistoryLine(ScoreHead):
    """The score of one period by group."""

    overall: AnyScore
    groups: dict[str, AnyScore]


class HistoryPage(PageShape[HistoryLine]):
    """The scores of all periods, oldest first."""


class ScoreState(HistoryLine):
    """A score by group and procedure; procedures only for those who may see them."""

    revision: int
    procedures: dict[str, AnyProcedure] = left_out()


class ScoreAnswer(HistoryLine):
    """A score as it stands, or stood at `as_of`; or as it was published in an `edition`, which has no revision."""

    edition: str | None
    revision: int | None
    procedures: dict[str, AnyProcedure] = left_out()
    as_of: datetime


class WhatIfAnswer(Shape):
    """The score as it stands, and as it would be."""

    as_of: datetime
    before: ScoreState
    after: ScoreState
