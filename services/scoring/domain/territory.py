"""Territory through reforms: who existed on a day, whose the land of today was then, what became of whom.

Built of the dated names and the links of `domain/names.py`. A link told by one side only counts for both.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
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
    """All reforms of all municipalities; each is looked up by whom it touches, never among all."""

    def __init__(self, municipalities: Iterable[Municipality] = ()) -> None:
        known = list(municipalities)
        self._histories: Mapping[str, tuple[Named, ...]] = {one.id: one.history for one in known}
        # In order of their days; those that make the side they are found by another one, and all.
        self._from: dict[str, list[Step]] = defaultdict(list)
        self._to: dict[str, list[Step]] = defaultdict(list)
        self._at: dict[str, list[Step]] = defaultdict(list)
        for step in sorted({step for one in known for step in _steps(one)}):
            for side in {step.before, step.after}:
                self._at[side].append(step)
            if step.before != step.after:
                self._from[step.before].append(step)
                self._to[step.after].append(step)

    def existed(self, municipality: str, day: str) -> bool:
        """Whether it had a name on this day; an unknown one is taken at its word."""
        history = self._histories.get(municipality)
        return history is None or any(one.within(day, day) for one in history)

    def heir(self, municipality: str, day: str) -> str:
        """The id by which the same municipality goes on this day: a rename may have given it another."""
        last: Step | None = None
        while (step := self._renamed(municipality, day, last)) is not None:
            municipality, last = step.after, step
        return municipality

    def _renamed(self, municipality: str, day: str, after: Step | None) -> Step | None:
        """The next step by which it got another id until a day."""
        steps = self._from.get(municipality, ())
        return next((one for one in steps if one.kind in SAME and one.on <= day and (not after or one > after)), None)

    def origins(self, municipality: str, day: str) -> dict[str, Way]:
        """Whose the territory of a municipality was on an earlier day, and by which reforms it came to this one.

        One that took others in stands among them. One that a part was split off from, or given to, keeps its past as
        its own.
        """
        found: dict[str, Way] = {municipality: "same"}
        on: str | None = None
        while (on := self._last_reform(found, day, on)) is not None:
            found = self._back(found, on)
        return found

    def _last_reform(self, whose: Iterable[str], after: str, before: str | None) -> str | None:
        """The last day, after one and before another, on which somebody became one of these."""
        days = (step.on for one in whose for step in self._to.get(one, ()))
        return max((on for on in days if after < on and (before is None or on < before)), default=None)

    def _back(self, found: dict[str, Way], on: str) -> dict[str, Way]:
        """One day of reforms undone; several may follow one another on a day."""
        before: dict[str, Way] = {}
        done: dict[str, Way] = {}
        waiting = list(found.items())
        while waiting:
            whose, way = waiting.pop()
            if whose in done and _worse(way, done[whose]) == done[whose]:
                continue  # links may go round in a circle
            done[whose] = way
            stood = self._stood_before(whose, on)
            came = [
                step
                for step in reversed(self._to.get(whose, ()))
                if step.on == on and not (stood and step.kind == "split")
            ]
            if stood or not came:
                before[whose] = _worse(way, before.get(whose, "same"))
            waiting += [(step.before, _worse(way, _way(step))) for step in came]
        return before

    def _stood_before(self, municipality: str, day: str) -> bool:
        history = self._histories.get(municipality)
        return history is None or any(one.valid_from < day and (one.valid_to or day) >= day for one in history)

    def changes(self, whose: Collection[str], after: str, until: str) -> list[Change]:
        """The reforms of these municipalities after one day and until another, the earliest first."""
        touched = {step for one in whose for step in self._at.get(one, ()) if after < step.on <= until}
        return list(dict.fromkeys(self._whole(step) for step in sorted(touched)))

    def changes_of(self, whose: Callable[[str], Collection[str]], after: str, until: str) -> list[Change]:
        """The reforms after one day and until another of those `whose` the land was when they came, the earliest first.

        What a part was split off from, or was before it took the land in, goes its own way.
        """
        found = self.changes({*whose(after), *whose(until)}, after, until)
        owners = {on: {*whose(_eve(on)), *whose(on)} for on in {one.on for one in found}}
        return [one for one in found if not owners[one.on].isdisjoint((*one.before, *one.after))]

    def _whole(self, step: Step) -> Change:
        """A reform with all its sides: everybody who joined, everybody who came of a split."""
        before, after = [step.before], [step.after]
        if step.kind == "join":
            before = [one.before for one in self._at[step.after] if one[:2] == step[:2] and one.after == step.after]
        elif step.kind == "split":
            after = [one.after for one in self._at[step.before] if one[:2] == step[:2] and one.before == step.before]
        return Change(step.on, step.kind, tuple(before), tuple(after))


def _eve(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


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
