"""The shapes of an explained score: groups, procedures, indicators, the result behind each."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from services.scoring.api.told.scores import (
    ProcedureExempt,
    ProcedureScored,
    ProcedureUnborn,
    ProcedureWithoutData,
    Scored,
    ScoreHead,
    Unscored,
)
from services.scoring.domain.rules import Kind
from shared.web import Exact, Shape, left_out


class RuleAnswer(Shape):
    """A rule: its kind, its own parameters (of a relative one also the best value), and a sentence for people."""

    model_config = ConfigDict(extra="allow")
    kind: Kind
    words: str


class IndicatorLine(Shape):
    """One indicator: a missing value has no points, which is not zero points."""

    indicator: str
    title: str
    value: Exact | None
    rule: RuleAnswer
    points: Exact | None
    maximum: Exact
    state: Literal["scored", "no_data"]


class SubmitterAnswer(Shape):
    """Who submitted, without the person: the role, and the id of the authority, organisation or system."""

    role: str
    id: str | None


class ResultBehind(Shape):
    """The revision of a result from which points follow; its reason only for who may read results."""

    id: str
    revision: int
    source: str
    occurred_at: datetime
    recorded_at: datetime
    reason: str | None = left_out()
    submitted_by: SubmitterAnswer | None


class _Line(Shape):
    procedure: str
    title: str
    assumed: bool
    notes: list[str]
    indicators: list[IndicatorLine]
    result: ResultBehind | None


class ScoredLine(_Line, ProcedureScored):
    """An explained procedure with a score."""


class LineWithoutData(_Line, ProcedureWithoutData):
    """An explained procedure without a value; `withdrawn`: the last result, if there was one and it was withdrawn."""

    withdrawn: ResultBehind | None


class ExemptLine(_Line, ProcedureExempt):
    """An explained procedure that did not apply."""


class UnbornLine(_Line, ProcedureUnborn):
    """A procedure of a municipality that did not exist."""


AnyLine = Annotated[ScoredLine | LineWithoutData | ExemptLine | UnbornLine, Field(discriminator="state")]


class _Group(Shape):
    group: str
    title: str
    procedures: list[AnyLine]


class ScoredGroup(_Group, Scored):
    """An explained group with a score."""


class UnscoredGroup(_Group, Unscored):
    """An explained group without one."""


AnyGroup = Annotated[ScoredGroup | UnscoredGroup, Field(discriminator="state")]


class ScoredOverall(Scored):
    """The overall score and its groups; `notes` say where parts do not add up, and why."""

    notes: list[str]
    groups: list[AnyGroup]


class UnscoredOverall(Unscored):
    """No overall score, and the groups."""

    notes: list[str]
    groups: list[AnyGroup]


class EditionBehind(Shape):
    """The edition of the methodology whose rules these are, and the act that put it in force where it is named."""

    id: str
    title: str
    act: str | None


class ExplanationAnswer(ScoreHead):
    """The chain from the overall score to the values."""

    overall: Annotated[ScoredOverall | UnscoredOverall, Field(discriminator="state")]
    edition: EditionBehind
    as_of: datetime
    data_at: datetime | None
