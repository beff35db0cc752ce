"""The shapes of the answers of road maps, for the API's description."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from shared.web import PageShape, Shape, left_out

Level = Literal["low", "medium", "above_average", "high"]
ActivityState = Literal["planned", "awaiting_schedule", "open", "done", "done_late", "overdue", "declined", "cancelled"]
OccurrenceState = Literal["planned", "open", "done", "done_late", "overdue"]
AdviceState = Literal["drafted", "issued", "considered", "accepted", "declined", "discarded"]


class Place(Shape):
    """A municipality inside another answer; the code is null while the registry has not told it."""

    id: str
    name: str
    oktmo: str | None


class RoadMapAnswer(Shape):
    """A road map, and how many of its activities are in each state on the day asked about."""

    id: str
    title: str
    region: str
    municipality: Place | None = Field(description="чья она; null — всего региона")
    start: date
    end: date
    act: str | None
    revision: int
    activities: int
    states: dict[ActivityState, int]


RoadMapPage = PageShape[RoadMapAnswer]


class WindowAnswer(Shape):
    """From a day to a day, both of them included."""

    start: date
    end: date


class OccurrenceAnswer(WindowAnswer):
    """A window and its state on the day asked about."""

    state: OccurrenceState


class DeadlineAnswered(Shape):
    """A deadline as written and as read; `answered`: a person set the windows."""

    phrase: str | None
    kinds: list[str]
    windows: list[WindowAnswer]
    rrule: str | None
    answered: bool


class WithdrawnAnswer(Shape):
    """That evidence was given by mistake and counts no more."""

    reason: str
    at: datetime
    account: str = left_out()


class EvidenceAnswer(Shape):
    """That an activity was done; `window` is the first day of the window it was done for."""

    number: int = Field(description="номер по порядку, с 1: им называют подтверждение при отзыве")
    window: date | None
    text: str
    url: str | None
    done_on: date
    recorded_at: datetime
    account: str = left_out()
    withdrawn: WithdrawnAnswer | None


class DeclinedAnswer(Shape):
    """That a municipality takes no part."""

    reason: str
    on: date
    account: str = left_out()


class ActivityAnswer(Shape):
    """An activity as one side stands with it; `due` is the earliest deadline that is not met.

    Each of `occurrences` has its own end and state, so that a later one may be open while `due` has passed.
    `evidence` and `declined` are there for staff and for the side's own people, `account` in them for those who read
    the journal of changes (ministry, operator).
    """

    id: str
    roadmap: str
    number: str
    title: str | None
    section: str
    municipality: Place | None = Field(description="чья сторона; null — сам регион")
    deadline: DeadlineAnswered
    state: ActivityState
    due: date | None
    occurrences: list[OccurrenceAnswer]
    responsible: list[str]
    results: list[str]
    revision: int
    evidence: list[EvidenceAnswer] = left_out()
    declined: DeclinedAnswer | None = left_out()


ActivityPage = PageShape[ActivityAnswer]


class QuestionAnswered(Shape):
    """The windows that a person set, and why these."""

    windows: list[WindowAnswer]
    reason: str
    at: datetime


class QuestionAnswer(Shape):
    """What is asked about an activity whose road map gives no deadline."""

    activity: str
    roadmap: str
    municipality: Place | None
    number: str
    title: str | None
    phrase: str | None
    question: str
    state: Literal["open", "answered"]
    answer: QuestionAnswered | None


QuestionPage = PageShape[QuestionAnswer]


class LevelAnswer(Shape):
    """The level and the percent of a group at one moment."""

    level: Level
    percent: int


class BasisAnswer(Shape):
    """What a recommendation follows from."""

    kind: Literal["level_fell"]
    score_revision: int
    period: str
    group: str
    before: LevelAnswer
    after: LevelAnswer


class NearestAnswer(Shape):
    """A deadline near the day of drafting that was not met then."""

    activity: str
    roadmap: str
    number: str
    title: str | None
    due: date
    state: OccurrenceState


class RecoveredAnswer(Shape):
    """That the level rose back before the draft was issued."""

    score_revision: int
    level: Level
    words: str


class StepAnswer(Shape):
    """What a person did with it, in which role; `on` and `note` hold the day and the meeting, or the reason.

    `account`: for those who read the journal of changes (ministry, operator).
    """

    state: AdviceState
    at: datetime
    role: str
    account: str = left_out()
    on: date | None
    note: str | None


class RecommendationAnswer(Shape):
    """A recommendation with what it follows from and the way it went."""

    id: str
    municipality: Place
    addressee: str
    period: str
    state: AdviceState
    state_words: str
    basis: BasisAnswer
    text: str
    text_key: str
    deadlines: list[NearestAnswer]
    recovered: RecoveredAnswer | None
    steps: list[StepAnswer]
    revision: int
    created_at: datetime


RecommendationPage = PageShape[RecommendationAnswer]


class CountedAnswer(Shape):
    """How many activities there are, and how many of them in each state."""

    activities: int
    states: dict[ActivityState, int]


class SideAnswer(CountedAnswer):
    """How one side stands; null is the region itself."""

    municipality: Place | None


class SectionAnswer(CountedAnswer):
    """How all sides stand with a section of a road map."""

    roadmap: str
    section: str


class MonthAnswer(Shape):
    """How many deadlines of a month there are, and in which states what was due by them; null: without a deadline."""

    month: str | None = Field(examples=["2022-12"])
    occurrences: int
    states: dict[ActivityState, int]


class TitledRoadMap(Shape):
    """A road map that is counted."""

    id: str
    title: str


class ExecutionAnswer(CountedAnswer):
    """The report of execution; `municipalities` and `sections` add up to the whole, `months` to `occurrences`."""

    as_of: date
    region: str
    roadmaps: list[TitledRoadMap]
    municipalities: list[SideAnswer]
    sections: list[SectionAnswer]
    occurrences: int
    months: list[MonthAnswer]
