"""The shapes of ratings and of their publication."""

from datetime import datetime

from services.scoring.api.told.scores import FlagAnswer, NamedMunicipality, Reached, Without
from shared.web import Exact, PageShape, Shape


class ChangeAnswer(Shape):
    """Against the last published edition of the period."""

    rank: int
    percent: int


class RatingRow(Shape):
    """A municipality's place: dense rank on the exact share; `data_at`: when its last result was recorded."""

    rank: int
    municipality: NamedMunicipality
    points: Exact
    maximum: Exact
    share: Exact
    percent: int
    level: Reached
    level_conflict: bool
    change: ChangeAnswer | None
    data_at: datetime


class RatingAbsent(Shape):
    """A municipality without a rank, and why."""

    municipality: NamedMunicipality
    state: Without
    reason: str


class RatingAnswer(Shape):
    """The ranked table of a region and period.

    `data_at`: when the last result behind it was recorded, null where none was.
    `as_of`: of a live one, when it changed last by whatever; a change told with a `data_at` up to this is in it.
    """

    period: str
    region: str
    group: str
    exclude: list[str]
    methodology: str
    edition: str | None
    flags: list[FlagAnswer]
    as_of: datetime
    data_at: datetime | None
    rows: list[RatingRow]
    no_data: list[RatingAbsent]


class PeriodAnswer(Shape):
    """A period with ratings: whether everybody may see it, and when the last result behind it was recorded.

    `scored`: how many municipalities have an overall score, of how many that existed (`municipalities`); null where
    this reader reads an edition only.
    """

    period: str
    region: str
    public: bool
    data_at: datetime
    scored: int | None
    municipalities: int | None


class PeriodPage(PageShape[PeriodAnswer]):
    """All periods, the latest first."""


class PublicationAnswer(Shape):
    """Whether a period's live rating is open to everybody, and by which act."""

    period: str
    region: str
    public: bool
    act: str
