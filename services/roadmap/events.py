"""What road maps tell: recommendations and the steps people take with them, activities and what is left of them."""

from datetime import date
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from shared.kernel import Event


class NearestDeadline(BaseModel):
    """A deadline of a road map that is not met: of which activity, until which day (included)."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    activity: str
    roadmap: str
    task_number: str
    title: str | None
    due: date
    state: str


class RecommendationState(Event):
    """A recommendation and the score revision it follows from; the text is named by its key.

    `addressee` is the municipality whose education authority is meant. `deadlines`: at most three, those nearest to
    the day of drafting. `revision` grows by one with each step.
    """

    TYPE: ClassVar[str] = ""
    recommendation: str
    municipality: str
    addressee: str
    score_revision: int
    text_key: str
    period: str | None = None
    group: str | None = None
    state: str | None = None
    revision: int | None = None
    before_level: str | None = None
    after_level: str | None = None
    deadlines: tuple[NearestDeadline, ...] = ()

    @property
    def key(self) -> str:
        return self.municipality


class RecommendationDrafted(RecommendationState):
    """The platform drafted a recommendation after a level fell."""

    TYPE: ClassVar[str] = "ru.rsoko.roadmap.recommendation.drafted.v1"


class RecommendationIssued(RecommendationState):
    """A person issued a recommendation."""

    TYPE: ClassVar[str] = "ru.rsoko.roadmap.recommendation.issued.v1"


class RecommendationDiscarded(RecommendationState):
    """A person found a draft not needed any more; the reason stays with it and is not told."""

    TYPE: ClassVar[str] = "ru.rsoko.roadmap.recommendation.discarded.v1"


class RecommendationConsidered(RecommendationState):
    """The addressee considered a recommendation at a meeting."""

    TYPE: ClassVar[str] = "ru.rsoko.roadmap.recommendation.considered.v1"


class RecommendationAccepted(RecommendationState):
    """The addressee accepted a recommendation."""

    TYPE: ClassVar[str] = "ru.rsoko.roadmap.recommendation.accepted.v1"


class RecommendationDeclined(RecommendationState):
    """The addressee declined a recommendation; the reason stays with it and is not told."""

    TYPE: ClassVar[str] = "ru.rsoko.roadmap.recommendation.declined.v1"


class ActivityWindow(BaseModel):
    """From a day to a day, both of them included."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    start: date
    end: date


class ActivityPlanned(Event):
    """An activity as it now stands in its road map, whole: what is to be done, and when.

    `municipality` is null where the map is the region's own, which concerns all its municipalities; `place` is
    its place there. `revision` grows with every change; who knows it alone takes each municipality to have done nothing
    yet.
    """

    TYPE: ClassVar[str] = "ru.rsoko.roadmap.activity.planned.v1"
    activity: str
    revision: int
    roadmap: str
    region: str
    municipality: str | None
    place: int
    task_number: str
    title: str | None
    windows: tuple[ActivityWindow, ...]
    cancelled: bool

    @property
    def key(self) -> str:
        return self.activity


class ActivityReported(Event):
    """What a municipality has left to do of an activity, whole: nothing where it did all of it, or takes no part.

    `execution` is the two together: how this municipality carries out this activity, of which this is the state.
    `revision` grows with every report of this municipality, and with every change of the activity. `declined_on`: the
    day from which it takes no part, so that from then on nothing is left, whatever `left` names until then. On which
    days the municipality is there the registry tells: of a region's map, what was over before is not its business.
    """

    TYPE: ClassVar[str] = "ru.rsoko.roadmap.activity.reported.v1"
    execution: str
    activity: str
    municipality: str
    revision: int
    left: tuple[ActivityWindow, ...]
    declined_on: date | None = None

    @property
    def key(self) -> str:
        return self.execution
