"""What scoring tells: a municipality's changed score, a period's changed ranks."""

from datetime import datetime
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
    """A municipality's score of a period changed; `revision` grows by one per told change."""

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

    @property
    def key(self) -> str:
        return self.municipality


class Mover(_Part):
    """A municipality whose overall rank moved; null = it had, or has, no rank."""

    municipality: str
    before: int | None
    after: int | None


class RatingChanged(Event):
    """Overall ranks of a period moved: how many, the first ten, and where the whole table is."""

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
