"""Territory through reforms: who existed on a day, whose the land of today was then, what became of whom.

Built of the dated names and the links of `domain/names.py`. A link told by one side only counts for both.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal, NamedTuple

from services.scoring.domain.names import Municipality, Named, Reform

Way = Literal["same", "join", "split"]
SAME: Collection[Reform] = ("rename", "change_of_kind")
ORDER: tuple[Way, ...] = ("same", "join", "split")


class Step(NamedTuple):
    """One municipality becoming (part of) another on a day; itself, where only its name, code or kind changed."""

    on: str
    kind: Reform
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """A reform as it is told: on which day, of what kind, what became what."""

    on: str
    kind: Reform
    before: tuple[str, ...]
    after: tuple[str, ...]


class Territory:
    """All reforms of all municipalities."""

    def __init__(self, municipalities: Iterable[Municipality] = ()) -> None:
        known = list(municipalities)
        self._histories: Mapping[str, tuple[Named, ...]] = {one.id: one.history for one in known}
        self._steps = sorted({step for one in known for step in _steps(one)})

    def existed(self, municipality: str, day: str) -> bool:
        """Whether it had a name on this day; an unknown one is taken at its word."""
        history = self._histories.get(municipality)
        return history is None or any(one.within(day, day) for one in history)

    def heir(self, municipality: str, day: str) -> str:
        """The id by which the same municipality goes on this day: a rename may have given it another."""
        for step in self._steps:
            if step.before == municipality and step.kind in SAME and step.on <= day:
                municipality = step.after
        return municipality

    def origins(self, municipality: str, day: str) -> dict[str, Way]:
        """Whose the territory of a municipality was on an earlier day, and by which reforms it came to this one.

        One that took others in stands among them. One that a part was split off from keeps its past as its own.
        """
        found: dict[str, Way] = {municipality: "same"}
        later = [step for step in reversed(self._steps) if step.on > day and step.before != step.after]
        for on, steps in groupby(later, key=lambda step: step.on):
            found = self._back(found, list(steps), on)
        return found

    def _back(self, found: dict[str, Way], steps: list[Step], on: str) -> dict[str, Way]:
        """One day of reforms undone; several may follow one another on a day."""
        before: dict[str, Way] = {}
        done: dict[str, Way] = {}
        waiting = list(found.items())
        while waiting:
            whose, way = waiting.pop()
            if whose in done and _worse(way, done[whose]) == done[whose]:
                continue  # links may go round in a circle
            done[whose] = way
            came = [step for step in steps if step.after == whose]
            stood = self._stood_before(whose, on)
            if not came or (stood and came[0].kind == "split"):
                before[whose] = _worse(way, before.get(whose, "same"))
                continue
            if stood:
                before[whose] = _worse(way, before.get(whose, "same"))
            waiting += [(step.before, _worse(way, _way(step))) for step in came]
        return before

    def _stood_before(self, municipality: str, day: str) -> bool:
        history = self._histories.get(municipality)
        return history is None or any(one.valid_from < day and (one.valid_to or day) >= day for one in history)

    def changes(self, whose: Collection[str], after: str, until: str) -> list[Change]:
        """The reforms of these municipalities after one day and until another, the earliest first."""
        touched = [step for step in self._steps if after < step.on <= until and {step.before, step.after} & {*whose}]
        return list(dict.fromkeys(self._whole(step) for step in touched))

    def _whole(self, step: Step) -> Change:
        """A reform with all its sides: everybody who joined, everybody who came of a split."""
        same = [one for one in self._steps if (one.on, one.kind) == (step.on, step.kind)]
        before, after = [step.before], [step.after]
        if step.kind == "join":
            before = [one.before for one in same if one.after == step.after]
        elif step.kind == "split":
            after = [one.after for one in same if one.before == step.before]
        return Change(step.on, step.kind, tuple(before), tuple(after))


def _way(step: Step) -> Way:
    return "same" if step.kind in SAME else "join" if step.kind == "join" else "split"


def _worse(one: Way, other: Way) -> Way:
    return max(one, other, key=ORDER.index)


def _steps(municipality: Municipality) -> Iterator[Step]:
    """The links, and the new names, codes and kinds of which no link tells."""
    told = {link.on for link in municipality.succession if link.municipality == municipality.id}
    for link in municipality.succession:
        before, after = link.municipality, municipality.id
        if link.role == "successor":
            before, after = after, before
        yield Step(link.on, link.kind, before, after)
    for old, new in pairwise(municipality.history):
        if old.valid_to == new.valid_from and new.valid_from not in told:
            kind: Reform = "rename" if old.kind == new.kind else "change_of_kind"
            yield Step(new.valid_from, kind, municipality.id, municipality.id)
