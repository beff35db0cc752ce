"""The shapes of notification's answers, for the API's description."""

from datetime import date, datetime
from typing import Literal

from shared.web import Exact, PageShape, Shape

Level = Literal["low", "medium", "above_average", "high"]


class NamedMunicipality(Shape):
    """A municipality inside another answer; the code is null while the registry has not told it."""

    id: str
    name: str
    oktmo: str | None


class StandingAnswer(Shape):
    """A score of a group at one moment; all but the state are null unless it was scored."""

    state: Literal["scored", "no_data", "not_applicable", "did_not_exist"]
    points: Exact | None
    maximum: Exact | None
    share: Exact | None
    percent: int | None
    level: Level | None
    rank: int | None


class ChangeAnswer(Shape):
    """One group (or `overall`) before and after."""

    group: str
    before: StandingAnswer
    after: StandingAnswer


class CauseAnswer(Shape):
    """The revision of a result that moved the score.

    `withdrawn`: it takes the result back (null: not known, as of what moved a school's place on a list).
    """

    result: str
    revision: int
    procedure: str
    withdrawn: bool | None


class RuleAnswer(Shape):
    """A rule that moved the score without a result: an edition put in force, or an act stated or withdrawn.

    By an act a procedure is not applied; it is at `/v1/applicability/{id}` of scoring. `words` say it as `body` does.
    """

    kind: Literal["edition", "act"]
    id: str
    procedure: str | None
    act: str | None
    withdrawn: bool
    words: str


class AdviceAnswer(Shape):
    """A recommendation that an item names; the whole of it is at `/v1/recommendations/{id}` of road maps."""

    id: str
    state: Literal["drafted", "issued", "considered", "accepted", "declined"]
    period: str
    group: str
    score_revision: int
    before_level: Level | None
    after_level: Level | None


class DeadlineAnswer(Shape):
    """A deadline of a road map that the municipality has not met: `planned`, `open`, `overdue`."""

    activity: str
    roadmap: str
    number: str
    title: str | None
    due: date
    state: str


ItemKind = Literal[
    "score_changed",
    "edition_drafted",
    "edition_frozen",
    "edition_published",
    "edition_withdrawn",
    "objection_raised",
    "objection_answered",
    "school_listed",
    "school_delisted",
    "recommendation_issued",
]


class ActNamed(Shape):
    """The act by which an edition was published."""

    number: str
    date: str


class EditionCountsAnswer(Shape):
    """A step for all municipalities together: how many, how many have a place, whose place is another, objections.

    `moved` is against the edition published before, null where there was none.
    """

    total: int
    placed: int
    moved: int | None
    objections: int


class EditionStep(Shape):
    """The step of publication that an item is about; the edition is at `/v1/editions/{id}` of scoring.

    `counts` and `region` stand at a step as a whole (its municipality is `-`), null at that of one municipality.
    """

    id: str
    region: str | None
    reply_until: date | None
    act: ActNamed | None
    objection: str | None
    decision: Literal["accepted", "declined"] | None
    counts: EditionCountsAnswer | None


class SchoolListAnswer(Shape):
    """A school that entered or left the list of low results by these criteria (`<span>.<criterion>`); never public.

    `name` is null while the registry has told none.
    """

    id: str
    name: str | None
    criteria: list[str]
    thresholds: str


class ItemAnswer(Shape):
    """A told change of a score, a step of publication, a school on a list, or an issued recommendation.

    `causes` names up to 100 of `causes_count`, `rules` what moved the score where no result did. `recommendations` and
    `deadlines` are what is next for the municipality as it is when the item is read (told): those that follow from the
    change and up to three others that are open, at most three deadlines, coming ones first. Of a step of publication
    `edition` is set, and what belongs to a change of a score (methodology, score_revision, data_at) is null; of a
    change of a score it is the other way round. `data_at` is the time of the change, not when its results were
    recorded: a live rating or score includes the change when its `as_of` is not earlier. `read_at`: an item counts as
    read from an age of 400 days on; times of reading are kept no longer.
    """

    id: str
    kind: ItemKind
    municipality: NamedMunicipality
    period: str
    title: str
    body: str
    changes: list[ChangeAnswer]
    causes: list[CauseAnswer]
    causes_count: int
    rules: list[RuleAnswer]
    recommendations: list[AdviceAnswer]
    deadlines: list[DeadlineAnswer]
    methodology: str | None
    score_revision: int | None
    data_at: datetime | None
    edition: EditionStep | None
    school: SchoolListAnswer | None
    created_at: datetime
    read_at: datetime | None


class InboxPage(PageShape[ItemAnswer]):
    """A page of the inbox; `unread` is counted over all pages."""

    unread: int


class ReadUpTo(Shape):
    """Up to which item everything is read now, and how many newer ones are not."""

    up_to: str
    unread: int
