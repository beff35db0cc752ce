"""The shapes of analytics documents: the head, ten sections with data and text."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from services.scoring.api.told.scores import FlagAnswer, NamedMunicipality, Reached
from shared.web import Exact, PageShape, Shape, left_out

Key = Literal[
    "name", "motivation", "mechanism", "methods", "periods", "sample", "indicators", "rating", "conclusions", "effect"
]


class AnalyticsProcedure(Shape):
    """The procedure by key and name."""

    key: str
    title: str


class AnalyticsHead(Shape):
    """One version: a draft, or finished as of an instant with the SHA-256 of its bytes."""

    id: str
    procedure: AnalyticsProcedure
    period: str
    before: str
    version: int
    state: Literal["draft", "finished"]
    revision: int
    reason: str | None
    created_at: datetime
    finished_at: datetime | None
    digest: str | None


class AnalyticsPage(PageShape[AnalyticsHead]):
    """Documents, the latest periods first."""


class TextParagraph(Shape):
    """A paragraph of a section's text."""

    paragraph: str


class TextList(Shape):
    """A list in a section's text."""

    list: Annotated[list[str], Field(min_length=1)]


class NameProcedure(AnalyticsProcedure):
    """The procedure with its number."""

    code: int


class NameData(Shape):
    """Section 1."""

    title: str
    procedure: NameProcedure
    group: AnalyticsProcedure
    methodology: dict[str, str]


class MotivatingLine(Shape):
    """An indicator of motivating monitoring; no motivation where the document prints none."""

    number: str
    title: str
    motivation: str | None


class MotivationData(Shape):
    """Section 2."""

    indicators: Annotated[list[MotivatingLine], Field(min_length=1)]


class MechanismLine(Shape):
    """A system of management with the tracks of this procedure's indicators."""

    system: str
    title: str
    tracks: list[str]


class MechanismData(Shape):
    """Section 3."""

    mechanisms: Annotated[list[MechanismLine], Field(min_length=1)]


class AnalyticsSource(Shape):
    """A source and how many results it gave."""

    source: str
    results: int


class MethodsData(Shape):
    """Section 4, as far as the platform knows it."""

    sources: Annotated[list[AnalyticsSource], Field(min_length=1)]


class PeriodsData(Shape):
    """Section 5."""

    period: str
    first_day: date
    last_day: date
    first_result: datetime
    last_result: datetime
    before: str
    as_of: datetime


class ExemptMunicipality(Shape):
    """A municipality that the procedure did not apply to, and why."""

    municipality: NamedMunicipality
    reason: str | None
    act: str | None


class SampleData(Shape):
    """Section 6."""

    total: int
    scored: int
    no_data: list[NamedMunicipality]
    not_applicable: list[ExemptMunicipality]
    did_not_exist: list[NamedMunicipality]


class DistributionStep(Shape):
    """How many have this value (`from` = `to`) or one in this interval."""

    from_: Exact = Field(alias="from")
    to: Exact
    count: int


class AnalyticsIndicator(Shape):
    """An indicator's maximum, rule and values."""

    indicator: str
    title: str
    maximum: Exact
    rule: str
    given: int
    missing: int
    lowest: Exact | None
    median: Exact | None
    highest: Exact | None
    distribution: list[DistributionStep]


class IndicatorsData(Shape):
    """Section 7."""

    maximum: Exact
    assumed: bool
    rows: list[AnalyticsIndicator]


class LevelRow(Shape):
    """A municipality at a level: dense rank on the exact share."""

    municipality: NamedMunicipality
    rank: int
    points: Exact
    maximum: Exact
    percent: int


class LevelPart(Shape):
    """The municipalities of a level by rank."""

    level: Reached
    rows: list[LevelRow]


class LevelsData(Shape):
    """Section 8, with its picture (SVG) and what that says in words.

    `flags` are missing in documents that were finished before they were told.
    """

    levels: list[LevelPart]
    no_data: int
    not_applicable: int
    picture: str
    picture_words: str
    flags: list[FlagAnswer] = left_out()


class SimilarMedian(Shape):
    """The median change of those of the same kind and about the same population; or why there is none."""

    by: Literal["kind_and_population", "kind"] | None
    count: int
    median: Exact | None
    reason: str | None


class ChangedRow(Shape):
    """A municipality's shares, their change, the median change of the others that can be compared, and of similar ones.

    `similar` is null where it is not compared. `reason` is the reform that makes it not comparable; that the editions
    differ stands in the section's own. Both are missing in documents that were finished before they were told.
    """

    municipality: NamedMunicipality
    state: Literal["compared", "not_comparable", "no_data", "not_applicable", "did_not_exist"]
    before: Exact | None
    after: Exact | None
    change: Exact | None
    others_median: Exact | None
    reason: str | None = left_out()
    similar: SimilarMedian | None = left_out()


class EffectData(Shape):
    """Section 10; by other editions of the methodology nothing is compared."""

    state: Literal["compared", "not_comparable"]
    reason: str | None
    before: str
    after: str
    methodologies: list[str | None]
    compared: int
    rose: int
    fell: int
    same: int
    median: Exact | None
    rows: list[ChangedRow]


DATA = (
    NameData
    | MotivationData
    | MechanismData
    | MethodsData
    | PeriodsData
    | SampleData
    | IndicatorsData
    | LevelsData
    | EffectData
)


class AnalyticsSection(Shape):
    """A section: what the platform filled in (null: nothing), what people wrote."""

    number: Annotated[int, Field(ge=1, le=10)]
    key: Key
    title: str
    data: DATA | None
    text: list[TextParagraph | TextList]


class AnalyticsAnswer(AnalyticsHead):
    """A whole document; `missing` names the sections without which it cannot be finished."""

    missing: list[Key]
    sections: Annotated[list[AnalyticsSection], Field(min_length=10, max_length=10)]


class AnalyticsContent(Shape):
    """The content alone, as it was frozen."""

    id: str
    procedure: str
    period: str
    version: int
    reason: str | None
    sections: list[AnalyticsSection]
