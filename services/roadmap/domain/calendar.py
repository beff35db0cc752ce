"""How an activity stands on a day: its windows against its evidence, each occurrence by itself."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.roadmap.domain.execution import Declined, Execution, placed
from services.roadmap.domain.following import Municipality
from services.roadmap.domain.plan import Activity, RoadMap, Window

PLANNED, AWAITING, OPEN, OVERDUE = "planned", "awaiting_schedule", "open", "overdue"
DONE, DONE_LATE, DECLINED, CANCELLED = "done", "done_late", "declined", "cancelled"
STATES = (PLANNED, AWAITING, OPEN, DONE, DONE_LATE, OVERDUE, DECLINED, CANCELLED)
UNDONE = frozenset({PLANNED, OPEN, OVERDUE})
WITHOUT_WINDOWS = frozenset({"continuous", "on_demand"})
# Of several occurrences the one that asks most for attention speaks for the whole.
_SPEAKS = (OVERDUE, OPEN, PLANNED, DONE_LATE, DONE)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One window and its state on the day asked about."""

    window: Window
    state: str


@dataclass(frozen=True, slots=True)
class Line:
    """An activity as one side (a municipality, or the region) stands with it on a day.

    `declined` is the answer that one takes no part, unless work since its day, done by that day, outweighs it.
    `concerns`: whether anything of it is that side's business by the days on which a municipality is there.
    """

    activity: Activity
    execution: Execution
    state: str
    occurrences: tuple[Occurrence, ...]
    declined: Declined | None
    concerns: bool = True

    @property
    def unmet(self) -> tuple[Occurrence, ...]:
        """The occurrences that are left to do; none where the whole is declined or cancelled."""
        if self.state not in UNDONE:
            return ()
        return tuple(one for one in self.occurrences if one.state in UNDONE)

    @property
    def due(self) -> date | None:
        """The earliest deadline that is not met; None where nothing is left to do, or no window is known."""
        return min((one.window.end for one in self.unmet), default=None)

    @property
    def order(self) -> tuple[str, str, int]:
        """By the earliest deadline, those without one last; then as the road map lists them."""
        due = self.due
        return due.isoformat() if due else "9999", self.activity.roadmap, self.activity.place


@dataclass(frozen=True, slots=True)
class Unmet:
    """A deadline that is not met: one occurrence of an activity, whatever became of its others."""

    line: Line
    occurrence: Occurrence

    @property
    def due(self) -> date:
        """Its day."""
        return self.occurrence.window.end


def spared(activity: Activity, whose: Municipality | None, on: date, roadmap: RoadMap | None) -> frozenset[Window]:
    """What of a region's activity is not a municipality's business on a day, by the days on which that one is there.

    What has no windows lasts as long as its road map. A municipality's own map is its business whatever its days are.
    """
    if whose is None or activity.municipality is not None:
        return frozenset()
    whole = () if roadmap is None else (Window(roadmap.start, roadmap.end),)
    return frozenset(one for one in activity.windows or whole if not whose.concerned(one.start, one.end, on))


def line(activity: Activity, execution: Execution, on: date, free: Collection[Window] = ()) -> Line:
    """How the activity stands on a day; what was done or declined later is not known yet on that day.

    What was withdrawn was never so, on whatever day is asked about. Who takes no part any more declines what is left:
    where all was done before, it stays done. Windows that are not the side's business (`free`, as `spared` says) count
    where they were done all the same.
    """
    known = [one for one in execution.counting if one.done_on <= on]
    done = placed(known, activity.windows)
    occurrences = tuple(
        Occurrence(window, _occurred(window, done.get(window.start), on))
        for window in activity.windows
        if window not in free or window.start in done
    )
    declined = execution.refusal(on)
    left = not occurrences or any(one.state in UNDONE for one in occurrences)
    if activity.cancelled:
        state = CANCELLED
    elif declined and declined.on <= on and left:
        state = DECLINED
    else:
        state = _state(activity, occurrences, done=bool(known))
    concerns = not free or bool(occurrences) or (bool(known) and not activity.windows)
    return Line(activity, execution, state, occurrences, declined, concerns)


def lines(
    activities: Iterable[Activity],
    executions: Mapping[str, Execution],
    *,
    side: Municipality | None,
    on: date,
    roadmaps: Mapping[str, RoadMap],
) -> list[Line]:
    """All that concern a side in order; without a `side` each stands as whoever its road map belongs to does."""
    found = [
        line(one, executions.get(key) or Execution(one.id, whose), on, spared(one, side, on, roadmaps.get(one.roadmap)))
        for one in activities
        for whose in [side.id if side else one.municipality]
        for key in [Execution(one.id, whose).id]
    ]
    return sorted((one for one in found if one.concerns), key=lambda one: one.order)


def due_until(found: Sequence[Line], day: date) -> list[Line]:
    """Those with an unmet deadline on this day or before it."""
    return [one for one in found if one.due is not None and one.due <= day]


def nearest(found: Iterable[Line], on: date, most: int) -> list[Unmet]:
    """The deadlines nearest to a day: coming ones first, then what was missed, the latest of it first.

    Each occurrence counts by itself: one that was missed hides no coming one of the same activity.
    """
    unmet = sorted((Unmet(one, each) for one in found for each in one.unmet), key=lambda one: one.due)
    coming = [one for one in unmet if one.due >= on]
    missed = [one for one in unmet if one.due < on]
    return [*coming, *sorted(missed, key=lambda one: one.due, reverse=True)][:most]


def _occurred(window: Window, done_on: date | None, on: date) -> str:
    if done_on is not None:
        return DONE if done_on <= window.end else DONE_LATE
    if on < window.start:
        return PLANNED
    return OPEN if on <= window.end else OVERDUE


def _state(activity: Activity, occurrences: Sequence[Occurrence], *, done: bool) -> str:
    if occurrences:
        states = {one.state for one in occurrences}
        return next(state for state in _SPEAKS if state in states)
    if done:
        return DONE
    return OPEN if WITHOUT_WINDOWS.intersection(activity.task.deadline.kinds) else AWAITING
