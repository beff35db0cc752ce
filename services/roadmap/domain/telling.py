"""What is told of plans: an activity as it stands, and what a municipality has left to do of it."""

from collections.abc import Iterable
from datetime import date

from services.roadmap.domain.calendar import line
from services.roadmap.domain.execution import Execution
from services.roadmap.domain.plan import Activity, Window
from services.roadmap.events import ActivityPlanned, ActivityReported, ActivityWindow


def planned(one: Activity) -> ActivityPlanned:
    """The activity as it now stands in its road map."""
    return ActivityPlanned(
        activity=one.id,
        revision=one.revision,
        roadmap=one.roadmap,
        region=one.region,
        municipality=one.municipality,
        place=one.place,
        task_number=one.task.number,
        title=one.task.title,
        windows=_windows(one.windows),
        cancelled=one.cancelled,
    )


def reported(one: Activity, execution: Execution, *, on: date) -> ActivityReported | None:
    """What is left of it on a side on a day; None for the region's own side, which nobody is told of.

    A window stays left until it is done, however late it gets, and the day from which one takes no part is told when
    the answer is given: so the calendar alone changes nothing here. Nor do the days on which a municipality is there,
    which are the registry's: who hears both leaves out what is not its business.
    """
    if execution.side is None:
        return None
    found = line(one, execution, on)
    return ActivityReported(
        execution=execution.id,
        activity=one.id,
        municipality=execution.side,
        revision=one.revision + execution.revision,
        left=_windows(each.window for each in found.unmet),
        declined_on=found.declined.on if found.declined else None,
    )


def _windows(some: Iterable[Window]) -> tuple[ActivityWindow, ...]:
    return tuple(ActivityWindow(start=each.start, end=each.end) for each in some)
