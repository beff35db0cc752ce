"""What scoring tells: scores, ranks, scales, schools of lists, documents, editions of a rating, objections."""

from datetime import date, datetime
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from shared.kernel import Event


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Standing(_Part):
    """A score of a group at one moment: exact strings for points, maximum and share; all null unless scored."""

    state: Literal["scored", "no_data", "not_applicable", "did_not_exist"]
    points: str | None = None
    maximum: str | None = None
    share: str | None = None
    percent: int | None = None
    level: Literal["low", "medium", "above_average", "high"] | None = None
    rank: int | None = None


class GroupChange(_Part):
    """One group (or `overall`) of a score before and after the told change."""

    group: str
    before: Standing
    after: Standing


class ResultCause(_Part):
    """The revision of a result that moved the score."""

    result: str
    revision: int
    procedure: str


class ScoreChanged(Event):
    """A municipality's score of a period changed, at `data_at`; `revision` grows by one per told change.

    `scale` is the number of the period's scale that `after` is measured by (null where nothing moved one yet): between
    the `after` of one change and the `before` of the next lie only the moves of the scale with numbers in between.
    """

    TYPE: ClassVar[str] = "ru.rsoko.scoring.score.changed.v1"
    municipality: str
    period: str
    revision: int
    methodology: str
    changes: tuple[GroupChange, ...]
    causes: tuple[ResultCause, ...]
    causes_count: int
    data_at: datetime
    quiet: bool = False
    scale: int | None = None

    @property
    def key(self) -> str:
        return self.municipality


class Mover(_Part):
    """A municipality whose overall rank moved; null = it had, or has, no rank."""

    municipality: str
    before: int | None
    after: int | None


class RatingChanged(Event):
    """Overall ranks of a period moved, the last at `data_at`: how many, the first ten, where the whole table is."""

    TYPE: ClassVar[str] = "ru.rsoko.scoring.rating.changed.v1"
    period: str
    data_at: datetime
    moved: int
    movers: tuple[Mover, ...]
    url: str
    quiet: bool = False

    @property
    def key(self) -> str:
        return self.period


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


class BestValue(_Part):
    """The best value of a cohort: a decimal string, the first ten that have it, and how many there are."""

    value: str
    municipalities: tuple[str, ...]
    count: int


class MovedBest(_Part):
    """The best of one relative indicator before and after; null: nobody had, or has, a value."""

    procedure: str
    indicator: str
    better: Literal["higher", "lower"]
    before: BestValue | None
    after: BestValue | None


class ScaleMoved(Event):
    """A best value of a period moved at `data_at`, and the points of others with it; whose result did it is told apart.

    `number` counts the moves of the period. `moved` names the first twenty bests, `moved_count` says how many there
    are; the scores that changed only by this are at the URL.
    """

    TYPE: ClassVar[str] = "ru.rsoko.scoring.scale.moved.v1"
    period: str
    number: int
    methodology: str
    moved: tuple[MovedBest, ...]
    moved_count: int
    scores_changed: int
    data_at: datetime
    url: str
    quiet: bool = False

    @property
    def key(self) -> str:
        return self.period


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


class _EditionTold(Event):
    """What every event about an edition of a period's rating names; the whole is at `url`."""

    TYPE: ClassVar[str] = ""
    edition: str
    period: str
    number: int
    url: str

    @property
    def key(self) -> str:
        return self.period


class EditionDrafted(_EditionTold):
    """A draft of a rating went to the municipalities, who may object until the end of `reply_until`."""

    TYPE: ClassVar[str] = "ru.rsoko.scoring.edition.drafted.v1"
    reply_until: date
    as_of: datetime
    methodology: str


class EditionFrozen(_EditionTold):
    """The content of an edition was fixed, as of an instant; `sha256` is that of its canonical document."""

    TYPE: ClassVar[str] = "ru.rsoko.scoring.edition.frozen.v1"
    as_of: datetime
    methodology: str
    sha256: str


class EditionPublished(_EditionTold):
    """An edition was published by an act; `previous` is the edition that it supersedes."""

    TYPE: ClassVar[str] = "ru.rsoko.scoring.edition.published.v1"
    act_number: str
    act_date: date
    as_of: datetime
    methodology: str
    sha256: str
    previous: str | None = None


class EditionWithdrawn(_EditionTold):
    """An edition that was not published yet was taken back."""

    TYPE: ClassVar[str] = "ru.rsoko.scoring.edition.withdrawn.v1"


class _ObjectionTold(Event):
    """What every event about an objection names; the texts of people are at `url`, for those who may read them."""

    TYPE: ClassVar[str] = ""
    objection: str
    edition: str
    period: str
    municipality: str
    url: str

    @property
    def key(self) -> str:
        return self.municipality


class ObjectionRaised(_ObjectionTold):
    """A municipality objected to a score of its own in a draft."""

    TYPE: ClassVar[str] = "ru.rsoko.scoring.objection.raised.v1"
    group: str | None = None
    procedure: str | None = None
    indicator: str | None = None


class ObjectionAnswered(_ObjectionTold):
    """An objection was declined, or accepted: with the result's revision or the applicability act that corrects it."""

    TYPE: ClassVar[str] = "ru.rsoko.scoring.objection.answered.v1"
    decision: Literal["accepted", "declined"]
    result: str | None = None
    revision: int | None = None
    applicability: str | None = None


class _ScoreAnnounced(Event):
    """One municipality's overall score in an edition, beside that of the edition published before it."""

    TYPE: ClassVar[str] = ""
    municipality: str
    edition: str
    period: str
    number: int
    url: str
    before: Standing | None = None
    after: Standing

    @property
    def key(self) -> str:
        return self.municipality


class ScoreDrafted(_ScoreAnnounced):
    """A municipality's score stands in a draft, to which it may object until the end of `reply_until`."""

    TYPE: ClassVar[str] = "ru.rsoko.scoring.score.drafted.v1"
    reply_until: date


class ScorePublished(_ScoreAnnounced):
    """A municipality's score was published by an act."""

    TYPE: ClassVar[str] = "ru.rsoko.scoring.score.published.v1"
    act_number: str
    act_date: date


class ScoreWithdrawn(_ScoreAnnounced):
    """A municipality's score stands in a draft no more: it was taken back; its `objections` left open were closed."""

    TYPE: ClassVar[str] = "ru.rsoko.scoring.score.withdrawn.v1"
    objections: int = 0
