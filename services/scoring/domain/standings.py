"""Standings: who stands where in a table of shares, or would stand after some moves; in memory."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from services.scoring.domain.card import Card
from services.scoring.domain.league import League, league_of

TableKey = tuple[League, str]
_Place = tuple[int, Fraction]
_SCALE = 60


def _place(share: Fraction) -> _Place:
    """A share behind its scaled whole part: integers decide nearly every comparison, fractions the rest."""
    return (share.numerator << _SCALE) // share.denominator, share


class Move(NamedTuple):
    """A municipality's new share in one table; None: it is not in the table."""

    period: str
    group: str
    municipality: str
    share: Fraction | None


class Table:
    """The shares of one league and group: distinct ones in ascending order, with how many stand at each."""

    __slots__ = ("_counts", "_of", "_places")

    def __init__(self) -> None:
        self._places: list[_Place] = []
        self._counts: list[int] = []
        self._of: dict[str, _Place] = {}

    def __len__(self) -> int:
        return len(self._of)

    def put(self, municipality: str, share: Fraction | None) -> None:
        """Replace one municipality's share; None takes it out."""
        old = self._of.pop(municipality, None)
        if old is not None:
            index = bisect_left(self._places, old)
            self._counts[index] -= 1
            if not self._counts[index]:
                del self._places[index], self._counts[index]
        if share is None:
            return
        new = self._of[municipality] = _place(share)
        index = bisect_left(self._places, new)
        if index < len(self._places) and self._places[index] == new:
            self._counts[index] += 1
        else:
            self._places.insert(index, new)
            self._counts.insert(index, 1)

    def share(self, municipality: str) -> Fraction | None:
        """The share that a municipality has here."""
        place = self._of.get(municipality)
        return None if place is None else place[1]

    def rank(self, share: Fraction) -> int:
        """The number of distinct greater shares plus one."""
        return self._rank(_place(share))

    def above(self, share: Fraction | None) -> Fraction | None:
        """The next greater share that stands here, the least one for nobody's share; None above all."""
        index = 0 if share is None else bisect_right(self._places, _place(share))
        return self._places[index][1] if index < len(self._places) else None

    def ranks(self) -> dict[str, int]:
        """Every municipality's dense rank."""
        last = len(self._places)
        rank_of = {place: last - index for index, place in enumerate(self._places)}
        return {municipality: rank_of[place] for municipality, place in self._of.items()}

    def view(self, shares: Mapping[str, Fraction | None]) -> "View":
        """The table as if these municipalities had these shares; the table itself stays."""
        return View(self, shares)

    def count(self, place: _Place) -> int:
        """How many stand at a place."""
        index = bisect_left(self._places, place)
        found = index < len(self._places) and self._places[index] == place
        return self._counts[index] if found else 0

    def place_of(self, municipality: str) -> _Place | None:
        """The place of a municipality, None where it is not in the table."""
        return self._of.get(municipality)

    def _rank(self, place: _Place) -> int:
        return len(self._places) - bisect_right(self._places, place) + 1


class View:
    """A table with some shares replaced: costs what the replaced ones cost, not what the table holds."""

    __slots__ = ("_appeared", "_table", "_vanished")

    def __init__(self, table: Table, shares: Mapping[str, Fraction | None]) -> None:
        delta: Counter[_Place] = Counter()
        for municipality, share in shares.items():
            old = table.place_of(municipality)
            new = None if share is None else _place(share)
            if old == new:
                continue
            if old is not None:
                delta[old] -= 1
            if new is not None:
                delta[new] += 1
        self._table = table
        self._vanished: list[_Place] = []
        self._appeared: list[_Place] = []
        for place in sorted(place for place, change in delta.items() if change):
            before = table.count(place)
            if before and not before + delta[place]:
                self._vanished.append(place)
            elif not before:
                self._appeared.append(place)

    def rank(self, share: Fraction) -> int:
        """The number of distinct greater shares plus one, after the replacements."""
        place = _place(share)
        gone = len(self._vanished) - bisect_right(self._vanished, place)
        come = len(self._appeared) - bisect_right(self._appeared, place)
        return self._table.rank(share) - gone + come


class Standings:
    """The tables of all leagues and groups (group keys, `overall`)."""

    __slots__ = ("_tables",)

    def __init__(self, cards: Iterable[Card] = ()) -> None:
        self._tables: dict[TableKey, Table] = {}
        for card in cards:
            self.put(card)

    def table(self, league: League, group: str) -> Table:
        """The table of a league and group; an empty one where nobody has a share (do not change it)."""
        table = self._tables.get((league, group))
        return Table() if table is None else table

    def put(self, card: Card) -> None:
        """Take over the shares of a card's groups."""
        for group, score in card.scores.items():
            self._move(Move(card.period, group, card.municipality, score.share))

    def apply(self, moves: Iterable[Move]) -> None:
        """Take over the moves of a batch, once it is stored."""
        for move in moves:
            self._move(move)

    def _move(self, move: Move) -> None:
        key = (league_of(move.municipality, move.period), move.group)
        table = self._tables.get(key)
        if table is None:
            table = self._tables[key] = Table()
        table.put(move.municipality, move.share)


def procedure_table(cards: Iterable[Card], procedure: str) -> Table:
    """The table of one procedure, made when it is asked for: told changes need none."""
    table = Table()
    for card in cards:
        placed = card.procedures.get(procedure)
        if placed is not None:
            table.put(card.municipality, placed.share)
    return table
