"""What scoring tells of scores, ranks, scales, schools of lists and documents."""

from datetime import datetime
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from shared.kernel import Event


class Part(BaseModel):
    """A part of an event."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Standing(Part):
    """A score of a group at one moment: exact strings for points, maximum and share; all null unless scored."""

    state: Literal["scored", "no_data", "not_applicable", "did_not_exist"]
    points: str | None = None
    maximum: str | None = None
    share: str | None = None
    percent: int | None = None
    level: Literal["low", "medium", "above_average", "high"] | None = None
    rank: int | None = None


class GroupChange(Part):
    """One group (or `overall`) of a score before and after the told change."""

    group: str
    before: Standing
    after: Standing


class ResultCause(Part):
    """The revision of a result that moved the score; `withdrawn`: it takes the result back (null: not told)."""

    result: str
    revision: int
    procedure: str
    withdrawn: bool | None = None


class RuleCause(Part):
    """A rule that moved the score without a result: an edition put in force, an applicability act stated or withdrawn.

    `procedure` and `act` (its number and date in words) are those of an act.
    """

    kind: Literal["edition", "act"]
    id: str
    procedure: str | None = None
    act: str | None = None
    withdrawn: bool = False


class ScoreChanged(Event):
    """A municipality's score of a period changed, at `data_at`; `revision` grows by one per told change.

    `scale` is the number of the period's scale that `after` is measured by (null where nothing moved one yet): between
    the `after` of one change and the `before` of the next lie only the moves of the scale with numbers in between.
    `rules`: what moved it where no result did. `methodology_title`: what the edition of the methodology is called.
    """

    TYPE: ClassVar[str] = "ru.rsoko.scoring.score.changed.v1"
    municipality: str
    period: str
    revision: int
    methodology: str
    methodology_title: str | None = None
    changes: tuple[GroupChange, ...]
    causes: tuple[ResultCause, ...]
    causes_count: int
    data_at: datetime
    quiet: bool = False
    scale: int | None = None
    rules: tuple[RuleCause, ...] = ()

    @property
    def key(self) -> str:
        return self.municipality


class Mover(Part):
    """A municipality whose overall rank moved; null = it had, or has, no rank."""

    municipality: str
    before: int | None
    after: int | None


class LeagueTold(Event):
    """What is told of the municipalities of one region in a period; no `region`: of all that were known then."""

    TYPE: ClassVar[str] = ""
    period: str
    region: str | None = None

    @property
    def key(self) -> str:
        return self.period


class RatingChanged(LeagueTold):
    """Overall ranks of a period moved, the last at `data_at`: how many, the first ten, where the whole table is."""

    TYPE: ClassVar[str] = "ru.rsoko.scoring.rating.changed.v1"
    data_at: datetime
    moved: int
    movers: tuple[Mover, ...]
    url: str
    quiet: bool = False


class _SchoolTold(Event):
    """What entering and leaving a list have in common: ids only; `criteria` are `<span>.<criterion>`."""

    TYPE: ClassVar[str] = ""
    school: str
    municipality: str | None = None
    period: str
    list: Literal["low_results", "strong"]
    criteria: tuple[str, ...]
    thresholds: str
    causes: tuple[ResultCause, ...]
    causes_count: int
    quiet: bool = False

    @property
    def key(self) -> str:
        return self.municipality or self.school


class SchoolListed(_SchoolTold):
    """A school entered a list of a year by these criteria; never public."""

    TYPE: ClassVar[str] = "ru.rsoko.scoring.school.listed.v1"


class SchoolDelisted(_SchoolTold):
    """A school left a list of a year by these criteria; never public."""

    TYPE: ClassVar[str] = "ru.rsoko.scoring.school.delisted.v1"


class BestValue(Part):
    """The best value of a cohort: a decimal string, the first ten that have it, and how many there are."""

    value: str
    municipalities: tuple[str, ...]
    count: int


class MovedBest(Part):
    """The best of one relative indicator before and after; null: nobody had, or has, a value."""

    procedure: str
    indicator: str
    better: Literal["higher", "lower"]
    before: BestValue | None
    after: BestValue | None


class ScaleMoved(LeagueTold):
    """A best value of a period moved at `data_at`, and the points of others with it; whose result did it is told apart.

    `number` counts the moves of the region and period. `moved` names the first twenty bests, `moved_count` says how
    many there are; the scores that changed only by this are at the URL.
    """

    TYPE: ClassVar[str] = "ru.rsoko.scoring.scale.moved.v1"
    number: int
    methodology: str
    moved: tuple[MovedBest, ...]
    moved_count: int
    scores_changed: int
    data_at: datetime
    url: str
    quiet: bool = False


class AnalyticsFinished(Event):
    """The analytics document of a procedure and period was finished: version, digest of its bytes, address."""

    TYPE: ClassVar[str] = "ru.rsoko.scoring.analytics.finished.v1"
    document: str
    procedure: str
    period: str
    version: int
    digest: str
    finished_at: datetime
    url: str

    @property
    def key(self) -> str:
        return self.procedure
