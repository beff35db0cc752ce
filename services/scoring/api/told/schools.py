"""The shapes of lists of schools, of risk profiles and of threshold sets."""

from datetime import datetime
from typing import Literal

from pydantic import ConfigDict

from services.scoring.api.told.methodologies import InForce
from services.scoring.api.told.scores import NamedMunicipality
from services.scoring.domain.clusters import Structure
from services.scoring.domain.signs import Kind
from shared.web import Exact, PageShape, Shape

SpanName = Literal["year", "three_years"]
Level = Literal["primary", "basic", "secondary"]
VerdictState = Literal["low", "strong", "neither", "too_few", "not_comparable", "not_applicable", "no_data"]


class SchoolName(Shape):
    """A school by its id in the registry; `municipality` is null where the ministry owns it."""

    id: str
    municipality: NamedMunicipality | None


class Reason(Shape):
    """A result behind a verdict; measure, threshold and value are null where nothing was compared.

    `percent`: the value to a tenth of a percent, or to as many places as keep it on its side of the threshold.
    """

    procedure: str
    title: str
    period: str
    state: VerdictState
    measure: Literal["low_share", "high_share", "mean_share"] | None
    comparison: Literal["at_least", "at_most"] | None
    threshold: Exact | None
    value: Exact | None
    percent: Exact | None
    participants: int | None
    result: str
    revision: int


class VerdictAnswer(Shape):
    """What a criterion says, and the results that made it so."""

    span: SpanName
    criterion: str
    title: str
    state: VerdictState
    reasons: list[Reason]


class SchoolYearAnswer(Shape):
    """A year of a school: the threshold set that judged it and every criterion."""

    period: str
    thresholds: str
    participants: int | None
    levels: list[str]
    criteria: list[VerdictAnswer]


class ListedSchool(SchoolYearAnswer):
    """A school of a list with the criteria by which it is there."""

    school: SchoolName


class Listed(Shape):
    """By which set a list is made (null: none is in force, nobody is listed), and whether schools wait to be judged.

    `years`: those that schools have results of, the latest first.
    """

    thresholds: str | None
    pending: bool
    years: list[str]


class ListedPage(Listed, PageShape[ListedSchool]):
    """A page of schools with low results."""


class Partner(Shape):
    """A weak school that a strong one could help; `near` where it is of a neighbouring municipality."""

    school: SchoolName
    near: bool


class StrongSchool(ListedSchool):
    """A strong school and its pairs; `elsewhere` counts those that are not for this reader to see."""

    pairs: list[Partner]
    elsewhere: int


class StrongPage(Listed, PageShape[StrongSchool]):
    """A page of strong schools."""


class SchoolResult(Shape):
    """A result that counts; subject, level, grade as the catalogue describes the procedure, shares from 0 to 1."""

    procedure: str
    title: str
    subject: str | None
    level: Level | None
    grade: int | None
    period: str
    state: Literal["values", "not_applicable"]
    participants: int | None
    low_share: Exact | None
    high_share: Exact | None
    mean_share: Exact | None
    result: str
    revision: int


class SchoolWithResults(Shape):
    """A school and its results of the year, in the order of procedures."""

    school: SchoolName
    results: list[SchoolResult]


class SchoolResultsPage(PageShape[SchoolWithResults]):
    """A page of schools; `pending` while newer results wait to be judged, a school that is new with them."""

    pending: bool


class LowFactor(VerdictAnswer):
    """A low criterion of a year."""

    factor: Literal["low_results"]
    period: str
    thresholds: str


class SignThreshold(Shape):
    """A sign has a corrected probability of at most the one and an effect of at least the other."""

    adjusted_p: Exact
    effect: Exact


class SignAnswer(Shape):
    """A sign of bias: a reason to look, never a verdict; statistics are rounded (docs/signs.md: how to read them)."""

    school: SchoolName
    period: str
    procedure: str
    title: str
    kind: Kind
    kind_title: str
    statistic: Exact
    p: Exact
    adjusted_p: Exact
    effect: Exact
    observed: Exact
    expected: Exact
    n: int
    minimum_n: int | None
    threshold: SignThreshold | None
    result: str
    revision: int
    words: str


class SignTest(Shape):
    """A test that was made: schools tested, with too few data, and with a sign; `skipped` says why it was not."""

    procedure: str
    title: str
    kind: Kind
    kind_title: str
    tested: int
    too_few: int
    signs: int
    skipped: str | None


class SignsAnswer(PageShape[SignAnswer]):
    """A page of signs, the tests of the whole region, and whether newer results wait to be looked at."""

    period: str
    thresholds: str | None
    tests: list[SignTest]
    looked_at: datetime | None
    pending: bool
    years: list[str]


class ProfileAnswer(Shape):
    """The risk profile of a school: its factors, and the years that were looked at, the latest first.

    `periods`: all years of which the reader may see a profile, the latest first.
    """

    school: SchoolName
    period: str
    factors: list[LowFactor]
    signs: list[SignAnswer]
    years: list[SchoolYearAnswer]
    periods: list[str]


class ThresholdsSummary(Shape):
    """A threshold set in a list."""

    id: str
    title: str
    assumed: bool
    in_force: InForce


class ThresholdsPage(PageShape[ThresholdsSummary]):
    """All threshold sets, the newest first."""


class ThresholdsDocument(Shape):
    """A set as it was put; its format is described in docs/schools.md."""

    model_config = ConfigDict(extra="allow")


class ThresholdsPut(Shape):
    """What became of a set that was put."""

    id: str
    status: Literal["created", "replaced", "unchanged"]


class ClusterUnit(Shape):
    """A school (its id and municipality) or a municipality (`school` is null)."""

    school: str | None
    municipality: NamedMunicipality | None


class ClusterMember(Shape):
    """Where a unit is."""

    unit: ClusterUnit
    cluster: int


class ClusterFeature(Shape):
    """A number that units were grouped by: the mean of a procedure, or the share of a group of procedures."""

    key: str
    title: str


class ClusterAnswer(Shape):
    """A cluster: its size and the means of its numbers; null where the reader could find out single foreign schools.

    For who does not see all units means are rounded to whole percent, sizes to the nearest 5 (never less than 5).
    """

    cluster: int
    size: int
    centre: dict[str, Exact | None] | None


class ClustersAnswer(PageShape[ClusterMember]):
    """Clusters, numbered from the one with the highest results; silhouettes (from -1 to 1) justify their number.

    `structure` and `words`: how far groups are there at all. Of noise, too, some number is the best.
    """

    period: str
    region: str
    of: Literal["schools", "municipalities"]
    k: int
    chosen_by: Literal["silhouette", "reader"]
    seed: int
    silhouettes: dict[str, Exact]
    structure: Structure
    words: str
    features: list[ClusterFeature]
    clusters: list[ClusterAnswer]
    left_out: list[ClusterUnit]
