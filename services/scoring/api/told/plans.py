"""The shapes of a plan: the cheapest steps to the next level or rank."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from services.scoring.api.told.scores import AnyScore, Level, ScoreHead
from shared.web import Exact, Shape, left_out


class GoalAnswer(Shape):
    """The points that are needed, and the level (from a percent on) or the rank that they bring."""

    points: Exact
    share: Exact
    level: Level = left_out()
    percent: int = left_out()
    rank: int = left_out()


class StepPoints(Shape):
    """An indicator's points now and after the step; a missing value has none."""

    before: Exact
    after: Exact


class RaiseAnswer(Shape):
    """One indicator from its value (null: no data) to the value that gives the points."""

    procedure: str
    title: str
    indicator: str
    before: Exact | None = Field(alias="from")
    to: Exact
    points: StepPoints
    maximum: Exact


class TotalAnswer(Shape):
    """What the steps come to."""

    indicators: int
    points: Exact


class LeftOut(Shape):
    """An indicator that was no candidate, and why.

    `relative`: its points depend on others' values; raising it may reach the goal all the same. `unreported`: the
    catalogue does not have it, nobody can report it.
    """

    procedure: str
    indicator: str
    code: Literal["relative", "unreported"]
    reason: str


class PlanAnswer(ScoreHead):
    """The cheapest steps; where the goal is out of reach (`not-enough`), all that can be done, and what it brings.

    `proven`: no cheaper set reaches the goal of steps to whole points, to a step of a rule or as far as can be
    reported, of indicators that are not left out; points between the whole ones are not tried. Not `proven`: the
    indicators are the fewest, the points may not be.
    """

    as_of: datetime
    group: str
    target: Literal["level", "rank"]
    before: AnyScore = Field(alias="from")
    goal: GoalAnswer | None
    reachable: bool
    reason: Literal["highest-level", "first", "not-applicable", "did-not-exist", "not-enough"] | None
    proven: bool
    steps: list[RaiseAnswer]
    total: TotalAnswer
    after: AnyScore
    left_out: list[LeftOut]
