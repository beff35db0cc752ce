"""The copy of all cards in memory with the standings that follow from them; kept level with the store by versions."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from services.scoring.domain.card import Card, CardKey
from services.scoring.domain.league import League, league_of
from services.scoring.domain.scale import Scale
from services.scoring.domain.standings import Move, Standings, Table, procedure_table

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Overtaken(Exception):
    """The store is ahead of what a decision was made from: catch up and decide again (technical)."""


class RulesMoved(Exception):
    """Editions or acts were stored since the rules of a recount were read: read them again (technical)."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A card as it is stored: `version` counts its writes, `at` is the last one, `loud` if that was not quiet."""

    card: Card
    version: int
    at: datetime
    loud: bool = False


class Mirror:
    """Every card of the store in memory; a card is only ever replaced by a newer version of itself.

    `age` of a league is the sum of its cards' versions: of two copies the one with the greater age has seen more.
    """

    def __init__(self) -> None:
        self.standings = Standings()
        self._cards: dict[CardKey, Stored] = {}
        self._leagues: dict[League, dict[str, Stored]] = {}
        self._ages: Counter[League] = Counter()
        self._data_at: dict[League, datetime] = {}
        self._reported: dict[League, tuple[int, str | None]] = {}
        self._doubtful: set[CardKey] = set()
        self._loud: set[League] = set()
        self._scales: dict[League, Scale] = {}
        self._tables: dict[tuple[League, str], tuple[int, Table]] = {}

    def known(self, keys: Iterable[CardKey]) -> dict[CardKey, Stored]:
        """The stored cards of these keys that this copy is sure of."""
        cards, doubtful = self._cards, self._doubtful
        return {key: cards[key] for key in keys if key in cards and key not in doubtful}

    def cohort(self, league: League) -> dict[CardKey, Stored]:
        """Every card of a league; whether they are still the stored ones shows when its scale is written over."""
        return {one.card.key: one for one in self.of(league).values()}

    def scale(self, league: League) -> Scale | None:
        """The scale of a league, as old as its cards here or older."""
        return self._scales.get(league)

    def weigh(self, scales: Iterable[Scale]) -> None:
        """Take over scales that were read before the cards of their leagues were, or together with them."""
        for scale in scales:
            before = self._scales.get(scale.league)
            if before is None or before.version < scale.version:
                self._scales[scale.league] = scale

    def get(self, municipality: str, period: str) -> Stored | None:
        """One card, if there is one."""
        return self._cards.get((municipality, period))

    def of(self, league: League) -> Mapping[str, Stored]:
        """The cards of a league by municipality (do not change it)."""
        return self._leagues.get(league, {})

    def regions(self) -> set[str]:
        """Every region that has a card."""
        return {league.region for league in self._leagues}

    def periods(self, region: str) -> list[str]:
        """A region's periods with a result in force, in order: one whose every result was withdrawn is none."""
        return sorted(
            league.period
            for league, held in self._leagues.items()
            if league.region == region and any(one.card.reported for one in held.values())
        )

    def every(self) -> list[Stored]:
        """Every card."""
        return list(self._cards.values())

    def age(self, league: League) -> int:
        """How much of a league this copy has seen."""
        return self._ages[league]

    def table(self, league: League, procedure: str) -> Table:
        """The table of a procedure, kept until a card of the league changes."""
        age, table = self._tables.get((league, procedure), (0, None))
        if table is None or age != self._ages[league]:
            table = procedure_table((one.card for one in self.of(league).values()), procedure)
            self._tables[league, procedure] = (self._ages[league], table)
        return table

    def data_at(self, league: League) -> datetime:
        """When a card of the league was written last."""
        return self._data_at.get(league, LONG_AGO)

    def reported_at(self, league: League) -> str | None:
        """When the last result behind the cards of the league was recorded, kept until one of them changes."""
        age, at = self._reported.get(league, (0, None))
        if age != self._ages[league]:
            at = max((at for one in self.of(league).values() if (at := one.card.data_at)), default=None)
            self._reported[league] = (self._ages[league], at)
        return at

    def doubt(self, keys: Iterable[CardKey]) -> None:
        """The outcome of writing these is unknown: they must be read again."""
        self._doubtful.update(keys)

    def hush(self, league: League) -> bool:
        """Whether a change of the league was not quiet since this was asked last."""
        loud = league in self._loud
        self._loud.discard(league)
        return loud

    def shout(self, league: League, *, loud: bool) -> None:
        """Take a `hush` back."""
        if loud:
            self._loud.add(league)

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
        league = league_of(*key)
        self._cards[key] = stored
        self._leagues.setdefault(league, {})[key[0]] = stored
        self._ages[league] += stored.version - (before.version if before else 0)
        self.shout(league, loud=stored.loud)
        self._data_at[league] = max(self.data_at(league), stored.at)
        return True
