"""Road maps as they were approved: activities with the windows that their deadlines give, newest revision only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from shared.kernel import FieldError, Refused

MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Window:
    """From a day to a day, both of them included."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline as written (`phrase`), the kinds that it was read as, and the windows that follow from it.

    `rrule` is RFC 5545; the windows already hold what it repeats. No phrase: kinds are `("missing",)`.
    """

    phrase: str | None
    kinds: tuple[str, ...]
    windows: tuple[Window, ...] = ()
    rrule: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The windows that a person set where a road map gave none, and why these."""

    windows: tuple[Window, ...]
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Task:
    """What a road map says of one activity; `title` is None where the document lost it."""

    number: str
    section: str
    title: str | None
    deadline: Deadline
    responsible: tuple[str, ...] = ()
    results: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoadMap:
    """A road map; `municipality` is None where it is the region's own. `revision` grows with any of its activities."""

    id: str
    title: str
    region: str
    municipality: str | None
    start: date
    end: date
    act: str | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity as it now stands in its road map, at its place there."""

    id: str
    roadmap: str
    region: str
    municipality: str | None
    place: int
    task: Task
    changed_at: datetime
    revision: int = 1
    cancelled: bool = False
    answer: Answer | None = None

    @property
    def windows(self) -> tuple[Window, ...]:
        """When it is to be done: as approved, else as a person answered."""
        return self.task.deadline.windows or (self.answer.windows if self.answer else ())

    @property
    def asked_about(self) -> bool:
        """Whether the road map gives no deadline, so that somebody has to be asked."""
        return MISSING in self.task.deadline.kinds and not self.cancelled


def concerns(one: RoadMap | Activity, municipality: str, region: str) -> bool:
    """Whether a municipality of a region is meant: by its own road map, or by that of its region."""
    return one.region == region and one.municipality in {None, municipality}


@dataclass(frozen=True, slots=True)
class Put:
    """What putting a road map changes; `map` has a new revision only where anything changed."""

    map: RoadMap
    changed: tuple[Activity, ...]
    new: bool


def put(
    wanted: RoadMap, tasks: Sequence[Task], *, stored: RoadMap | None, activities: Mapping[str, Activity], now: datetime
) -> Put:
    """The road map as it is wanted: what is equal stays, what is not named any more is cancelled.

    Evidence and answers about deadlines belong to activities, which are known by their numbers, and outlive this.
    """
    listed = [_activity(wanted, task, place=place, now=now) for place, task in enumerate(tasks)]
    changed = [fresh for one in listed if (fresh := _next(one, activities.get(one.id))) is not None]
    ids = {one.id for one in listed}
    gone = [one for one in activities.values() if one.id not in ids and not one.cancelled]
    changed += [replace(one, cancelled=True, revision=one.revision + 1, changed_at=now) for one in gone]
    before = stored.revision if stored else 0
    same = stored is not None and replace(wanted, revision=before) == stored and not changed
    return Put(replace(wanted, revision=before if same else before + 1), tuple(changed), stored is None)


def check_numbers(
    roadmap: str, tasks: Sequence[Task], *, activities: Mapping[str, Activity], reported: Collection[str]
) -> None:
    """Refused where a number that something was reported or answered for would go to an activity of another title.

    So it is when one is inserted and all behind it are numbered anew: each would take over what became of another.
    """
    wrong = []
    for place, task in enumerate(tasks):
        held = activities.get(id_of(roadmap, task.number))
        if held is None or None in {held.task.title, task.title} or held.task.title == task.title:
            continue
        if held.id in reported or held.answer is not None:
            message = f"№ {task.number} — «{held.task.title}»: по нему есть сведения, а здесь «{task.title}»."
            remedy = "Оставьте прежний номер; если изменилось только название, повторите с retitled=true."
            wrong.append(FieldError(f"/activities/{place}/title", "renumbered", message, remedy))
    if wrong:
        detail = f"Номера перешли к другим мероприятиям: {len(wrong)}. Сведения об исполнении относятся к номерам."
        raise Refused("renumbered", "Дорожная карта не принята", detail, errors=wrong)


def answered(activity: Activity, answer: Answer) -> Activity:
    """The activity with the windows that a person set; the same windows and reason again change nothing."""
    held = activity.answer
    if held and (held.windows, held.reason) == (answer.windows, answer.reason):
        return activity
    return replace(activity, answer=answer, revision=activity.revision + 1, changed_at=answer.at)


def id_of(roadmap: str, number: str) -> str:
    """The identity of an activity: its road map and its number there."""
    return f"{roadmap}:{number}"


def _activity(wanted: RoadMap, task: Task, *, place: int, now: datetime) -> Activity:
    return Activity(
        id=id_of(wanted.id, task.number),
        roadmap=wanted.id,
        region=wanted.region,
        municipality=wanted.municipality,
        place=place,
        task=task,
        changed_at=now,
    )


def _next(wanted: Activity, stored: Activity | None) -> Activity | None:
    """The next revision, None where nothing changed; an answer holds for as long as the deadline is missing."""
    if stored is None:
        return wanted
    answer = stored.answer if MISSING in wanted.task.deadline.kinds else None
    after = replace(wanted, revision=stored.revision, changed_at=stored.changed_at, answer=answer)
    if after == stored:
        return None
    return replace(after, revision=stored.revision + 1, changed_at=wanted.changed_at)
