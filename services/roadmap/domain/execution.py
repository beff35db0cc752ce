"""What became of an activity on one side: evidence that it was done, or the answer that one takes no part."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from services.roadmap.domain.plan import Activity
from shared.kernel import Conflict, FieldError, Refused

ALL = "*"


@dataclass(frozen=True, slots=True)
class Evidence:
    """That an activity was done on a day; `window` is the first day of the window it was done for."""

    window: date | None
    text: str
    url: str | None
    done_on: date
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Declined:
    """The answer of a municipality that it takes no part, from a day on."""

    reason: str
    on: date
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Execution:
    """How one side deals with an activity; `side` is a municipality, None for the region itself."""

    activity: str
    side: str | None
    evidence: tuple[Evidence, ...] = ()
    declined: Declined | None = None
    revision: int = 0

    @property
    def id(self) -> str:
        """One for each activity and side."""
        return f"{self.activity}|{self.side or ALL}"


def report(activity: Activity, execution: Execution, given: Evidence, *, today: date) -> Execution:
    """With one more evidence; without a window named it is for the first that has none.

    It outweighs an answer that one takes no part from the day of the work on; before that day the answer stands.
    """
    _check_open(activity)
    if given.done_on > today:
        remedy = f"Укажите день не позже {today:%d.%m.%Y}."
        raise _invalid(FieldError("/done_on", "in-the-future", "Этот день ещё не наступил.", remedy))
    starts = [window.start for window in activity.windows]
    if given.window is not None and given.window not in starts:
        known = ", ".join(str(start) for start in starts) or "у этого мероприятия окон нет — уберите поле"
        raise _invalid(FieldError("/window", "unknown-window", "Такого окна нет.", f"Начала окон: {known}."))
    has = {one.window for one in execution.evidence}
    window = given.window or next((start for start in starts if start not in has), starts[-1] if starts else None)
    evidence = (*execution.evidence, replace(given, window=window))
    return replace(execution, evidence=evidence, revision=execution.revision + 1)


def decline(activity: Activity, execution: Execution, given: Declined, *, dated: bool = True) -> Execution:
    """With the answer that one takes no part; the same again changes nothing, another reason or day replaces it.

    Where nobody named the day (`dated`), the same reason again is the same answer on whichever day it is given.
    """
    _check_open(activity)
    held = execution.declined
    if held is not None and held.reason == given.reason and (held.on == given.on or not dated):
        return execution
    if execution.evidence:
        detail = "По мероприятию уже есть подтверждение исполнения: отказ от участия невозможен."
        raise Conflict("activity-has-evidence", "Мероприятие исполнялось", detail)
    if activity.municipality is None and execution.side is None:
        remedy = "Укажите муниципалитет, который не участвует."
        raise _invalid(FieldError("/municipality", "required", "Не сказано, кто не участвует.", remedy))
    return replace(execution, declined=given, revision=execution.revision + 1)


def _check_open(activity: Activity) -> None:
    if activity.cancelled:
        detail = "Мероприятие исключено из дорожной карты: исполнение по нему не принимается."
        raise Conflict("activity-cancelled", "Мероприятие исключено", detail)


def _invalid(wrong: FieldError) -> Refused:
    return Refused("invalid-report", "Сведения об исполнении не приняты", wrong.message, errors=[wrong])
