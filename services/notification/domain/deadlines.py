"""Deadlines of road maps as they were last told, and which of them are nearest for a municipality on a day."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, TypeVar

PLANNED, LEFT = "planned", "left"
OVERDUE = "overdue"
MOST_DEADLINES = 3
Windows = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Days:
    """From when a municipality is there (ISO days), and the first day on which it is no more, where it has ended."""

    first: str = ""
    end: str | None = None

    def concerned(self, start: str, due: str, today: str) -> bool:
        """Whether a window of its region's map is its business: not one that was over before it was there.

        Nor one that begins after its last day; and from its end on nothing is, but what was due by that day.
        """
        if due < self.first:
            return False
        return self.end is None or due < self.end or (start < self.end and today < self.end)


ALWAYS = Days()


@dataclass(frozen=True, slots=True)
class NearDeadline:
    """A deadline of a road map that is not met; `due` is an ISO day."""

    activity: str
    roadmap: str
    number: str
    title: str | None
    due: str
    state: str


@dataclass(frozen=True, slots=True)
class PlannedFact:
    """An activity as it stands in its road map; windows are first and last days, `municipality` null for the region."""

    activity: str
    revision: int
    roadmap: str
    region: str
    municipality: str | None
    place: int
    number: str
    title: str | None
    windows: Windows
    cancelled: bool
    kind: str = PLANNED

    @property
    def id(self) -> str:
        """Apart from what is left of it on any side."""
        return f"{PLANNED}:{self.activity}"

    def concerns(self, municipality: str, region: str | None) -> bool:
        """Whether a municipality is meant; one whose region was never told is taken to be of the only one there is."""
        if self.cancelled or self.municipality not in {None, municipality}:
            return False
        return self.municipality is not None or region in {None, self.region}


@dataclass(frozen=True, slots=True)
class LeftFact:
    """What a municipality has left to do of an activity; nothing from the ISO day on from which it takes no part."""

    activity: str
    revision: int
    municipality: str
    windows: Windows
    declined_on: str | None = None
    kind: str = LEFT

    @property
    def id(self) -> str:
        """One for each activity and municipality."""
        return f"{LEFT}:{self.activity}|{self.municipality}"


PlanFact = PlannedFact | LeftFact
Fact = TypeVar("Fact", bound=PlanFact)


def plan_document(fact: PlanFact) -> dict[str, Any]:
    """A plain document of it."""
    return asdict(fact)


def plan_of(document: Mapping[str, Any]) -> PlanFact:
    """The fact behind a document."""
    kind: type[PlannedFact | LeftFact] = PlannedFact if document["kind"] == PLANNED else LeftFact
    named = {one.name: document[one.name] for one in fields(kind) if one.name in document}
    return kind(**{**named, "windows": tuple((start, end) for start, end in named["windows"])})


def newest_plans(facts: Iterable[PlanFact], known: Mapping[str, int]) -> list[PlanFact]:
    """The last revision of each that is newer than the known one; a repeat is none."""
    found: dict[str, PlanFact] = {}
    for fact in facts:
        held = found[fact.id].revision if fact.id in found else known.get(fact.id, 0)
        if fact.revision > held:
            found[fact.id] = fact
    return list(found.values())


class Plans:
    """Activities and what is left of them, by the newest that was told."""

    def __init__(self, facts: Iterable[PlanFact] = ()) -> None:
        self._planned: dict[str, PlannedFact] = {}
        # Those of one side, None for the regions' own: of all years there are a hundred times as many as concern one.
        self._of_side: dict[str | None, dict[str, PlannedFact]] = {}
        self._left: dict[str, LeftFact] = {}
        self.hear(facts)

    def hear(self, facts: Iterable[PlanFact]) -> None:
        """Take what is newer than what is known."""
        for fact in facts:
            if isinstance(fact, PlannedFact):
                self._plan(fact)
            else:
                _take(self._left, fact)

    def nearest(self, municipality: str, region: str | None, on: date, days: Days = ALWAYS) -> tuple[NearDeadline, ...]:
        """At most three that are not met: coming ones first, then what was missed, the latest of it first.

        By the days on which the municipality is there; its own map is its business whatever they are.
        """
        today = on.isoformat()
        unmet = [
            (end, start, one)
            for side in (None, municipality)
            for one in self._of_side.get(side, {}).values()
            if one.concerns(municipality, region)
            for start, end in self._of(one, municipality, today)
            if one.municipality is not None or days.concerned(start, end, today)
        ]
        unmet.sort(key=lambda each: (each[0], each[2].roadmap, each[2].place))
        coming = [each for each in unmet if each[0] >= today]
        missed = [each for each in unmet if each[0] < today]
        missed.sort(key=lambda each: each[0], reverse=True)
        return tuple(_near(one, start, end, today) for end, start, one in (*coming, *missed)[:MOST_DEADLINES])

    def _plan(self, fact: PlannedFact) -> None:
        before = self._planned.get(fact.id)
        if _take(self._planned, fact):
            if before is not None:
                del self._of_side[before.municipality][before.id]
            self._of_side.setdefault(fact.municipality, {})[fact.id] = fact

    def _of(self, one: PlannedFact, municipality: str, today: str) -> Windows:
        """Where nothing was reported, everything is left; where one takes no part any more, nothing."""
        left = self._left.get(f"{LEFT}:{one.activity}|{municipality}")
        if left is None:
            return one.windows
        return () if left.declined_on is not None and left.declined_on <= today else left.windows


def _take(held: dict[str, Fact], fact: Fact) -> bool:
    """Whether it is newer than what was held, and held now."""
    newer = fact.id not in held or fact.revision > held[fact.id].revision
    if newer:
        held[fact.id] = fact
    return newer


def _near(one: PlannedFact, start: str, due: str, today: str) -> NearDeadline:
    state = OVERDUE if due < today else "planned" if start > today else "open"
    return NearDeadline(one.activity, one.roadmap, one.number, one.title, due, state)
