"""What road maps remember of others: whose municipalities there are and how each stands, newest revision only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from shared.kernel import Cause


@dataclass(frozen=True, slots=True)
class DatedName:
    """A name and an OKTMO code from a day on; `until` is the first day on which it holds no more, where that is known.

    What was stored before road maps asked for the end has none.
    """

    name: str
    oktmo: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality as the registry last told it; `history` is never empty, the oldest name first."""

    id: str
    revision: int
    region: str
    history: tuple[DatedName, ...]

    def on(self, day: date) -> DatedName:
        """Its name and code on a day; the first ones where the day is before all that is known."""
        return [one for one in self.history if one.since <= day or one is self.history[0]][-1]

    def existed(self, day: date) -> bool:
        """Whether it was there on a day."""
        return any(one.since <= day and (one.until is None or day < one.until) for one in self.history)

    def concerned(self, start: date, end: date, on: date) -> bool:
        """Whether what its region wants done from a day to a day is its business, as seen on a day.

        Not what was over before its first day, nor what begins after its last; and from its end on nothing is, but what
        was due by that day.
        """
        gone = self.history[-1].until
        if end < self.history[0].since:
            return False
        return gone is None or end < gone or (start < gone and on < gone)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a group stands: both are None unless scored; a level may also be unknown of a scored one."""

    percent: int | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """Up to which revision the score of a municipality and period was told."""

    municipality: str
    period: str
    revision: int

    @property
    def id(self) -> str:
        """One score for each municipality and period."""
        return f"{self.municipality}|{self.period}"


@dataclass(frozen=True, slots=True)
class Move:
    """One group before and after a told change."""

    group: str
    before: Standing
    after: Standing


@dataclass(frozen=True, slots=True)
class Rule:
    """What moved a score without a result: an edition of this title put in force, or an act stated or withdrawn.

    `title` of an act (`act`) is its number and date in words, where they were told.
    """

    title: str
    act: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class ScoreTold:
    """A told change of a score: where the groups that changed stood and stand; `quiet` is history loaded quietly.

    `rules` moved it where no result did; `results` whether results moved it, too.
    """

    municipality: str
    period: str
    revision: int
    moves: tuple[Move, ...]
    quiet: bool
    cause: Cause
    rules: tuple[Rule, ...] = ()
    results: bool = True

    @property
    def score(self) -> Score:
        """What there is to remember of it."""
        return Score(self.municipality, self.period, self.revision)


Known = TypeVar("Known", Municipality, Score)


def bearer(found: Iterable[Municipality], text: str, day: date) -> Municipality | None:
    """The one that an id or an OKTMO code means on a day; a code may pass to another one.

    Of those that bear it at any time: the last up to that day, else the first to come.
    """
    every = list(found)
    if (same := next((one for one in every if one.id == text), None)) is not None:
        return same
    borne = sorted((named.since, one.id) for one in every for named in one.history if named.oktmo == text)
    begun = [key for since, key in borne if since <= day]
    meant = begun[-1] if begun else borne[0][1] if borne else None
    return next((one for one in every if one.id == meant), None)


def newest(stored: Mapping[str, Known], heard: Sequence[Known]) -> dict[str, Known]:
    """Those that a batch changes; an older revision changes nothing.

    Nor does the same one, unless it says what nobody asked for when it was heard first: a topic is read again for that.
    """
    changed: dict[str, Known] = {}
    for one in heard:
        before = changed.get(one.id) or stored.get(one.id)
        if before is None or one.revision > before.revision or (one.revision == before.revision and one != before):
            changed[one.id] = one
    return changed


def news(stored: Mapping[str, Score], heard: Iterable[ScoreTold]) -> list[ScoreTold]:
    """The told changes of a batch that are newer than all that was known before each of them, in their order."""
    reached = {key: score.revision for key, score in stored.items()}
    fresh = []
    for one in heard:
        key = one.score.id
        if one.revision > reached.get(key, 0):
            reached[key] = one.revision
            fresh.append(one)
    return fresh
