"""The shapes of moves of scales."""

from datetime import datetime
from typing import Literal

from services.scoring.api.told.scores import Level, NamedMunicipality
from shared.web import Exact, PageShape, Shape


class BestAnswer(Shape):
    """A best value, the first ten municipalities that have it, and how many there are."""

    value: Exact
    municipalities: list[NamedMunicipality]
    count: int


class MovedBestAnswer(Shape):
    """The best of one relative indicator before and after; null: nobody had, or has, a value."""

    procedure: str
    indicator: str
    better: Literal["higher", "lower"]
    before: BestAnswer | None
    after: BestAnswer | None


class ScaleMoveSummary(Shape):
    """Which bests moved (the first twenty, and how many), and how many scores changed by it alone."""

    period: str
    region: str
    number: int
    methodology: str
    moved: list[MovedBestAnswer]
    moved_count: int
    scores_changed: int
    quiet: bool
    data_at: datetime


class MovedStanding(Shape):
    """A score before or after the move, without a rank; all null unless scored."""

    state: Literal["scored", "no_data", "not_applicable", "did_not_exist"]
    points: Exact | None
    maximum: Exact | None
    share: Exact | None
    percent: int | None
    level: Level | None
    rank: None


class MovedGroup(Shape):
    """One group (or `overall`) of a score before and after the move."""

    group: str
    before: MovedStanding
    after: MovedStanding


class MovedScore(Shape):
    """A municipality whose score changed by the move alone."""

    municipality: NamedMunicipality
    changes: list[MovedGroup]


class ScaleMoveAnswer(ScaleMoveSummary):
    """A move with every score that changed by it alone; who moved the best is told of its own result."""

    differences: list[MovedScore]


class ScaleMovePage(PageShape[ScaleMoveSummary]):
    """The moves of a period, the latest first."""
