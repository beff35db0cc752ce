"""What became of an activity on one side: evidence that it was done, or the answer that one takes no part."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.roadmap.domain.plan import Activity, Window
from shared.kernel import Conflict, FieldError, NotFound, Refused

ALL = "*"


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """That evidence was given by mistake, and counts no more."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """That an activity was done on a day; `window` is the first day of the window it was done for, `until` its last."""

    window: date | None
    text: str
    url: str | None
    done_on: date
    by: str
    at: datetime
    until: date | None = None
    withdrawn: Withdrawn | None = None

    def days_in(self, window: Window) -> int:
        """How many days of the window that it was given for lie in this one (not more than 0: none)."""
        if self.window is None:
            return 0
        until = self.until or self.window
        return (min(until, window.end) - max(self.window, window.start)).days + 1


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

    @property
    def counting(self) -> tuple[Evidence, ...]:
        """The evidence that was not withdrawn."""
        return tuple(one for one in self.evidence if one.withdrawn is None)

    def refusal(self, on: date) -> Declined | None:
        """The answer that one takes no part, unless work since its day, done by the day asked about, outweighs it."""
        said = self.declined
        if said is None or any(said.on <= one.done_on <= on for one in self.counting):
            return None
        return said


def report(
    activity: Activity, execution: Execution, given: Evidence, *,
    today: date, begin: date | None = None, free: Collection[Window] = (),
) -> Execution:  # fmt: skip
    """With one more evidence; without a window named it is for the first undone one that had begun (`_by_day`).

    Of windows that are not the side's business (`free`) it is only where one is named, or where there are no others.

    An answer that one takes no part from the day of the work or an earlier one is outweighed from the day of the work
    on; before that day the answer stands, and so does one from a later day.
    Refused for a day to come, and for one before the road map begins (`begin`): early work lies within the map.
    """
    _check_open(activity)
    if given.done_on > today:
        remedy = f"Укажите день не позже {today:%d.%m.%Y}."
        raise _invalid(FieldError("/done_on", "in-the-future", "Этот день ещё не наступил.", remedy))
    starts = [window.start for window in activity.windows]
    first = min(begin, *starts) if begin and starts else begin
    if first is not None and given.done_on < first:
        remedy = f"Укажите день не раньше {first:%d.%m.%Y}."
        raise _invalid(FieldError("/done_on", "before-roadmap", "Дорожная карта тогда ещё не началась.", remedy))
    if given.window is not None and given.window not in starts:
        known = ", ".join(str(start) for start in starts) or "у этого мероприятия окон нет — уберите поле"
        raise _invalid(FieldError("/window", "unknown-window", "Такого окна нет.", f"Начала окон: {known}."))
    window = _meant(activity.windows, execution.counting, given, free)
    start, until = (window.start, window.end) if window else (None, None)
    evidence = (*execution.evidence, replace(given, window=start, until=until))
    return replace(execution, evidence=evidence, revision=execution.revision + 1)


def withdraw(execution: Execution, number: int, given: Withdrawn) -> Execution:
    """Without the evidence of this number (from 1, as given), which stays readable; the same again changes nothing."""
    if not 1 <= number <= len(execution.evidence):
        detail = f"Подтверждения № {number} нет: у мероприятия их {len(execution.evidence)}."
        raise NotFound("evidence-not-found", "Подтверждение не найдено", detail)
    held = execution.evidence[number - 1]
    if held.withdrawn is not None:
        if held.withdrawn.reason == given.reason:
            return execution
        raise Conflict("evidence-withdrawn", "Подтверждение уже отозвано", f"Причина: {held.withdrawn.reason}")
    evidence = (*execution.evidence[: number - 1], replace(held, withdrawn=given), *execution.evidence[number:])
    return replace(execution, evidence=evidence, revision=execution.revision + 1)


def placed(evidence: Sequence[Evidence], windows: Sequence[Window]) -> dict[date, date]:
    """The first day on which each window (by its first day) was done.

    Evidence counts for the window that it was given for, and where that was moved for the one with most of its days.
    What is from before the windows were known counts as if it were given now without one, the earliest work first;
    what has none left of its own only for an undone one that had begun: the work of one year is not that of the next.
    """
    given = [(one, _window_of(one, windows)) for one in evidence]
    found: dict[date, date] = {}
    for one, start in given:
        if start is not None:
            found[start] = min(found.get(start, one.done_on), one.done_on)
    for one in sorted((one for one, start in given if start is None), key=lambda one: one.done_on):
        meant = _by_day(one.done_on, windows, found)
        if meant is None:
            continue
        if one.window is None or (meant.start not in found and meant.start <= one.done_on):
            found[meant.start] = min(found.get(meant.start, one.done_on), one.done_on)
    return found


def decline(activity: Activity, execution: Execution, given: Declined, *, dated: bool = True) -> Execution:
    """With the answer that one takes no part; the same again changes nothing, another reason or day replaces it.

    Where nobody named the day (`dated`), the same reason again is the same answer on whichever day it is given, unless
    work has outweighed it since. Refused where work was done on its day or later; what was done before stays done.
    """
    _check_open(activity)
    held = execution.declined
    if held is not None and held.reason == given.reason:
        in_force = execution.refusal(date.max) is not None
        if held.on == given.on or (in_force and not dated):
            return execution
    last = max((one.done_on for one in execution.counting), default=None)
    if last is not None and last >= given.on:
        detail = f"Есть подтверждение исполнения от {last:%d.%m.%Y}: отказаться от участия можно с более позднего дня."
        raise Conflict("activity-has-evidence", "Мероприятие исполнялось", detail)
    if activity.municipality is None and execution.side is None:
        remedy = "Укажите муниципалитет, который не участвует."
        raise _invalid(FieldError("/municipality", "required", "Не сказано, кто не участвует.", remedy))
    return replace(execution, declined=given, revision=execution.revision + 1)


def _meant(
    windows: Sequence[Window], evidence: Sequence[Evidence], given: Evidence, free: Collection[Window]
) -> Window | None:
    """The window of an evidence: the named one, else the one that its day tells."""
    if given.window is not None:
        return next(one for one in windows if one.start == given.window)
    own = [one for one in windows if one not in free] or windows
    return _by_day(given.done_on, own, placed(evidence, windows))


def _by_day(worked: date, windows: Sequence[Window], done: Collection[date]) -> Window | None:
    """The first undone window that had begun when the work was done, else the last that had: more proof, no more work.

    Work before all of them is early work for the first. For a later one early work is only where somebody says so.
    """
    begun = [one for one in windows if one.start <= worked] or list(windows[:1])
    return next((one for one in begun if one.start not in done), begun[-1] if begun else None)


def _window_of(one: Evidence, windows: Sequence[Window]) -> date | None:
    """The first day of the window that it was given for, wherever that is now; None where nothing is left of it."""
    if any(each.start == one.window for each in windows):
        return one.window
    moved = max(windows, key=one.days_in, default=None)
    return moved.start if moved and one.days_in(moved) > 0 else None


def _check_open(activity: Activity) -> None:
    if activity.cancelled:
        detail = "Мероприятие исключено из дорожной карты: исполнение по нему не принимается."
        raise Conflict("activity-cancelled", "Мероприятие исключено", detail)


def _invalid(wrong: FieldError) -> Refused:
    return Refused("invalid-report", "Сведения об исполнении не приняты", wrong.message, errors=[wrong])
