"""Bodies of requests about road maps, and how they are read into the domain's words."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.roadmap.domain import MISSING, Deadline, Task, Window
from shared.web import IsoDay

Kind = Literal[
    "on_by_date",
    "month_window",
    "multi_month_window",
    "quarter",
    "school_year",
    "calendar_year",
    "calendar_year_span",
    "yearly",
    "every_n_years",
    "quarterly",
    "on_demand",
    "external_schedule",
    "continuous",
    "missing",
]
# Days that a road map can mean; a slip of the pen in the year is found here, not in a calendar.
Day = Annotated[
    IsoDay,
    Field(ge=date(2000, 1, 1), le=date(2199, 12, 31), examples=["2022-11-30"]),
]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
Number = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,4}(\.[0-9]{1,4}){0,3}$"), Field(examples=["2.1"])]
Municipality = Annotated[
    str | None, Field(min_length=1, max_length=100, description="id или код ОКТМО; без него — своя сторона")
]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$", max_length=2000)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WindowBody(_Body):
    """From a day to a day, both of them included."""

    start: Day
    end: Day

    @model_validator(mode="after")
    def in_order(self) -> Self:
        """The end is not before the start."""
        if self.end < self.start:
            raise ValueError("Окно кончается раньше, чем начинается: поменяйте дни местами.")
        return self


class DeadlineBody(_Body):
    """A deadline as written, the kinds it was read as, its windows; without a phrase the kind is `missing`."""

    phrase: Short | None = None
    kinds: Annotated[list[Kind], Field(min_length=1, max_length=4)]
    windows: Annotated[list[WindowBody], Field(max_length=60)] = []
    rrule: Annotated[str, StringConstraints(pattern=r"^FREQ=[A-Z0-9=;,:]+$", max_length=300)] | None = None

    @model_validator(mode="after")
    def agrees(self) -> Self:
        """Missing means that there is neither a phrase nor a window; no window begins on the day of another."""
        if (MISSING in self.kinds) != (self.phrase is None):
            raise ValueError("Вид missing — ровно тогда, когда формулировки срока нет.")
        if MISSING in self.kinds and self.windows:
            raise ValueError("Если срок не указан, окон быть не может.")
        _check_starts(self.windows)
        return self


class TaskBody(_Body):
    """One activity of a road map; `title` is null where the document lost it."""

    number: Number
    section: Short
    title: Short | None = None
    deadline: DeadlineBody
    responsible: Annotated[list[Short], Field(max_length=30)] = []
    results: Annotated[list[Short], Field(max_length=30)] = []


class RoadMapBody(_Body):
    """A road map as approved; without `municipality` it is the region's own and concerns all its municipalities."""

    title: Short
    region: Annotated[str, StringConstraints(pattern=r"^[0-9]{2,3}$"), Field(examples=["74"])]
    municipality: Annotated[str | None, Field(min_length=1, max_length=100)] = None
    start: Day
    end: Day
    act: Short | None = None
    activities: Annotated[list[TaskBody], Field(min_length=1, max_length=300)]

    @model_validator(mode="after")
    def agrees(self) -> Self:
        """Numbers do not repeat; the end is not before the start."""
        numbers = [one.number for one in self.activities]
        if repeated := sorted({one for one in numbers if numbers.count(one) > 1}):
            raise ValueError(f"Номера мероприятий повторяются: {', '.join(repeated)}.")
        if self.end < self.start:
            raise ValueError("Дорожная карта кончается раньше, чем начинается: поменяйте дни местами.")
        return self


class EvidenceBody(_Body):
    """That an activity was done; `window` is the first day of the window it was done for."""

    municipality: Municipality = None
    text: Text
    url: Url | None = None
    done_on: Annotated[Day | None, Field(description="день исполнения (по умолчанию сегодня)")] = None
    window: Annotated[Day | None, Field(description="начало окна; без него — первое неисполненное из начавшихся")] = (
        None
    )


class WithdrawBody(_Body):
    """Why evidence counts no more."""

    municipality: Municipality = None
    reason: Text


class DeclineBody(_Body):
    """That a municipality takes no part, from which day on and why."""

    municipality: Municipality = None
    reason: Text
    on: Annotated[Day | None, Field(description="с какого дня (по умолчанию с сегодняшнего)")] = None


class DeadlineAnswer(_Body):
    """The windows of an activity whose road map gives none, and why these."""

    windows: Annotated[list[WindowBody], Field(min_length=1, max_length=60)]
    reason: Text

    @model_validator(mode="after")
    def agrees(self) -> Self:
        """No window begins on the day of another."""
        _check_starts(self.windows)
        return self


class IssueBody(_Body):
    """Issue as drafted, or in other words."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=10_000, strip_whitespace=True)] | None = None


class ConsiderBody(_Body):
    """The meeting that considered a recommendation, and its day."""

    meeting: Text
    held_on: Day


class AcceptBody(_Body):
    """What is said when accepting, if anything."""

    reason: Text | None = None


class RefuseBody(_Body):
    """Why a recommendation is declined, or its draft discarded."""

    reason: Text


def tasks_of(body: RoadMapBody) -> list[Task]:
    """The activities of a body in the domain's words."""
    return [
        Task(
            number=one.number,
            section=one.section,
            title=one.title,
            deadline=Deadline(
                one.deadline.phrase, tuple(one.deadline.kinds), windows_of(one.deadline.windows), one.deadline.rrule
            ),
            responsible=tuple(one.responsible),
            results=tuple(one.results),
        )
        for one in body.activities
    ]


def windows_of(bodies: list[WindowBody]) -> tuple[Window, ...]:
    """Windows in the order of their days."""
    return tuple(sorted((Window(one.start, one.end) for one in bodies), key=lambda one: one.start))


def _check_starts(windows: list[WindowBody]) -> None:
    starts = {one.start for one in windows}
    if len(starts) < len(windows):
        raise ValueError("Два окна начинаются в один день: оставьте одно.")
