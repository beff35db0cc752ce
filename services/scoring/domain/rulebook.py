"""The rules as they are known: editions and applicability acts, now or as they were known at any instant."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from services.scoring.domain.applicability import Applicability, stated_in
from services.scoring.domain.card import CardKey
from services.scoring.domain.methodology import Methodology
from shared.kernel import Refused


class Rules(NamedTuple):
    """What is stored of the rules: how many changes so far, how many of them all cards follow, editions, acts."""

    number: int
    settled: int
    editions: Sequence[Mapping[str, Any]]
    acts: Sequence[Applicability]


@dataclass(frozen=True, slots=True)
class Loaded:
    """An edition and when it was loaded."""

    methodology: Methodology
    at: datetime


def in_force(editions: Iterable[Loaded], period: str) -> Methodology | None:
    """The edition for a period: the last that came into force, of several the one loaded last; None without any."""
    covering = [one for one in editions if one.methodology.covers(period)]
    last = max(covering, key=lambda one: (one.methodology.first, one.at, one.methodology.id), default=None)
    return None if last is None else last.methodology


class Rulebook:
    """Editions by id and acts; each period's edition is bound to what its acts say once, when it is asked for."""

    def __init__(self, editions: Iterable[Loaded] = (), acts: Iterable[Applicability] = ()) -> None:
        self._editions = tuple(editions)
        self._acts = tuple(acts)
        self._in_force = tuple(one for one in self._acts if one.withdrawn_at is None)
        self._of: dict[str, Methodology | None] = {}

    @property
    def methodologies(self) -> Mapping[str, Methodology]:
        """The editions of the methodology by id."""
        return {one.methodology.id: one.methodology for one in self._editions}

    @property
    def acts(self) -> tuple[Applicability, ...]:
        """Every act, withdrawn ones too."""
        return self._acts

    def as_of(self, instant: datetime) -> "Rulebook":
        """The rules that were known at an instant."""
        then = Rulebook([one for one in self._editions if one.at <= instant], self._acts)
        then._in_force = tuple(one for one in self._acts if one.held_at(instant))
        return then

    def named(self, methodology: str, period: str) -> Methodology:
        """A loaded edition by its id, with what the acts say of a period, whether or not it is in force there."""
        return self.methodologies[methodology].stating(stated_in(self._in_force, period))

    def methodology_of(self, period: str) -> Methodology | None:
        """The edition in force for a period; Refused (`unknown-period`) when the text is no period."""
        try:
            return self._of[period]
        except KeyError:
            found = in_force(self._editions, period)
            bound = found and found.stating(stated_in(self._in_force, period))
            self._of[period] = bound
            return bound

    def edition_for(self, period: str) -> Methodology | None:
        """The same for readers: a text that is no period has no edition."""
        try:
            return self.methodology_of(period)
        except Refused:
            return None

    def same_for(self, other: "Rulebook", key: CardKey) -> bool:
        """Whether two books say the same of a municipality and period."""
        municipality, period = key
        here, there = self.methodology_of(period), other.methodology_of(period)
        if here is None or there is None:
            return here is there
        return here.id == there.id and here.stated_of(municipality) == there.stated_of(municipality)
