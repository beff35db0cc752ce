"""The shapes of the expert community: items with their past, indicators with their parts."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from services.scoring.api.told.scores import NamedMunicipality
from shared.web import Exact, PageShape, Shape

State = Literal["scored", "no_data", "not_applicable", "did_not_exist"]
Code = Annotated[str, Field(examples=["E4"])]


class ItemRevision(Shape):
    """What an item says, or said; `says` are the fields of its kind, `by` is the role of who reported it."""

    revision: int
    year: int
    kind: str
    says: dict[str, Any]
    on: date
    source: str
    state: Literal["in_force", "withdrawn"]
    reason: str | None
    by: str
    recorded_at: datetime


class ItemAnswer(ItemRevision):
    """A reported item as it stands, with the revisions before it, the oldest first."""

    id: str
    municipality: NamedMunicipality
    past: list[ItemRevision]


class ItemPage(PageShape[ItemAnswer]):
    """Items of a year by their ids."""


class CountedItem(Shape):
    """One counted item; `date` is empty where the result's day is not known here."""

    what: str
    id: str
    date: str
    source: str
    origin: Literal["reported", "event"]
    reported_by: str | None


class LeftOutItem(CountedItem):
    """A procedure that is not the region's own, and why."""

    reason: str


class PartAnswer(Shape):
    """A numerator, a denominator or the year before, item by item."""

    title: str
    count: int
    items: list[CountedItem]


class IndicatorSummary(Shape):
    """A value with the counts of its parts; a count, a share (exact, and percent half up) or a difference.

    One that is `scored` has no numbers where `reason` says that they would tell of single persons.
    """

    code: Code
    criterion: Literal["organization", "information", "interaction"]
    criterion_title: str
    title: str
    kind: Literal["count", "share", "difference"]
    unit: str
    state: State
    reason: str | None
    value: Exact | None
    percent: int | None
    counted: int | None
    of: int | None
    year_before: int | None


class IndicatorAnswer(IndicatorSummary):
    """The same with every counted item, and the held procedures of which nothing more was reported."""

    point: str
    threshold: str | None
    numerator: PartAnswer | None
    denominator: PartAnswer | None
    before: PartAnswer | None
    unreported: list[str]


class CommunityAnswer(Shape):
    """The nine indicators of a municipality's year."""

    municipality: NamedMunicipality
    year: int
    source: str
    indicators: list[IndicatorAnswer]
    left_out: list[LeftOutItem]


class CommunitySummary(Shape):
    """The nine indicators of one municipality, counts only."""

    municipality: NamedMunicipality
    year: int
    indicators: list[IndicatorSummary]


class CommunityPage(PageShape[CommunitySummary]):
    """All municipalities by name."""
