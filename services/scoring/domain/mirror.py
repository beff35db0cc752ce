"""The copy of all cards in memory with the standings that follow from them; kept level with the store by versions."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from services.scoring.domain.card import Card, CardKey
from services.scoring.domain.scale import Scale
from services.scoring.domain.standings import Move, Standings, Table, procedure_table

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Overtaken(Exception):
    """The store is ahead of what a decision was made from: catch up and decide again (technical)."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A card as it is stored: `version` counts its writes, `at` is the last one, `loud` if that was not quiet."""

    card: Card
    version: int
    at: datetime
    loud: bool = False


class Mirror:
    """Every card of the store in memory; a card is only ever replaced by a newer version of itself.

    `age` of a period is the sum of its cards' versions: of two copies the one with the greater age has seen more.
    """

    def __init__(self) -> None:
        self.standings = Standings()
        self._cards: dict[CardKey, Stored] = {}
        self._periods: dict[str, dict[str, Stored]] = {}
        self._ages: Counter[str] = Counter()
        self._data_at: dict[str, datetime] = {}
        self._reported: dict[str, tuple[int, str | None]] = {}
        self._doubtful: set[CardKey] = set()
        self._loud: set[str] = set()
        self._scales: dict[str, Scale] = {}
        self._tables: dict[tuple[str, str], tuple[int, Table]] = {}

    def known(self, keys: Iterable[CardKey]) -> dict[CardKey, Stored]:
        """The stored cards of these keys that this copy is sure of."""
        cards, doubtful = self._cards, self._doubtful
        return {key: cards[key] for key in keys if key in cards and key not in doubtful}

    def cohort(self, period: str) -> dict[CardKey, Stored]:
        """Every card of a period; whether they are still the stored ones shows when its scale is written over."""
        return {one.card.key: one for one in self.of(period).values()}

    def scale(self, period: str) -> Scale | None:
        """The scale of a period, as old as its cards here or older."""
        return self._scales.get(period)

    def weigh(self, scales: Iterable[Scale]) -> None:
        """Take over scales that were read before the cards of their periods were, or together with them."""
        for scale in scales:
            before = self._scales.get(scale.period)
            if before is None or before.version < scale.version:
                self._scales[scale.period] = scale

    def get(self, municipality: str, period: str) -> Stored | None:
        """One card, if there is one."""
        return self._cards.get((municipality, period))

    def of(self, period: str) -> Mapping[str, Stored]:
        """The cards of a period by municipality (do not change it)."""
        return self._periods.get(period, {})

    def periods(self) -> list[str]:
        """Every period with a result in force, in order: one whose every result was withdrawn is none any more."""
        return sorted(
            period for period, held in self._periods.items() if any(one.card.reported for one in held.values())
        )

    def every(self) -> list[Stored]:
        """Every card."""
        return list(self._cards.values())

    def age(self, period: str) -> int:
        """How much of a period this copy has seen."""
        return self._ages[period]

    def table(self, period: str, procedure: str) -> Table:
        """The table of a procedure, kept until a card of the period changes."""
        age, table = self._tables.get((period, procedure), (0, None))
        if table is None or age != self._ages[period]:
            table = procedure_table((one.card for one in self.of(period).values()), procedure)
            self._tables[period, procedure] = (self._ages[period], table)
        return table

    def data_at(self, period: str) -> datetime:
        """When a card of the period was written last."""
        return self._data_at.get(period, LONG_AGO)

    def reported_at(self, period: str) -> str | None:
        """When the last result behind the cards of the period was recorded, kept until one of them changes."""
        age, at = self._reported.get(period, (0, None))
        if age != self._ages[period]:
            at = max((at for one in self.of(period).values() if (at := one.card.data_at)), default=None)
            self._reported[period] = (self._ages[period], at)
        return at

    def doubt(self, keys: Iterable[CardKey]) -> None:
        """The outcome of writing these is unknown: they must be read again."""
        self._doubtful.update(keys)

    def hush(self, period: str) -> bool:
        """Whether a change of the period was not quiet since this was asked last."""
        loud = period in self._loud
        self._loud.discard(period)
        return loud

    def shout(self, period: str, *, loud: bool) -> None:
        """Take a `hush` back."""
        if loud:
            self._loud.add(period)

    def take(self, stored: Stored) -> bool:
        """Take over a card that was read; False when it is not newer."""
        if not self._put(stored):
            return False
        self.standings.put(stored.card)
        return True

    def resolve(self, keys: Iterable[CardKey] | None = None) -> list[CardKey]:
        """Take doubts away (all, or those of some keys) just before the cards are read: later ones stay."""
        taken = self._doubtful if keys is None else self._doubtful.intersection(keys)
        self._doubtful = self._doubtful - taken
        return list(taken)

    def written(self, cards: Sequence[Stored], moves: Iterable[Move]) -> None:
        """Take over what this process has stored; `moves` lead from the versions before to these."""
        cards_now = self._cards
        expected = all(
            (held.version if (held := cards_now.get(one.card.key)) else 0) == one.version - 1 for one in cards
        )
        if not expected:
            for one in cards:
                self.take(one)
            return
        for one in cards:
            self._put(one)
        self.standings.apply(moves)

    def _put(self, stored: Stored) -> bool:
        key = stored.card.key
        before = self._cards.get(key)
        if before is not None and before.version >= stored.version:
            return False
        municipality, period = key
        self._cards[key] = stored
        self._periods.setdefault(period, {})[municipality] = stored
        self._ages[period] += stored.version - (before.version if before else 0)
        self.shout(period, loud=stored.loud)
        self._data_at[period] = max(self.data_at(period), stored.at)
        return True
