"""Municipalities as scoring knows them: dated names and codes, read for a period."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import product
from typing import Literal

from services.scoring.domain.league import region_of
from services.scoring.domain.period import period_year
from shared import calendar

Reform = Literal["rename", "change_of_kind", "join", "split"]
# A place on the map of a region, which has a map of its own: region, column, row.
_Tile = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Named:
    """A name and OKTMO code from one day (ISO text) to the day before another; open where that is None."""

    name: str
    oktmo: str
    valid_from: str
    valid_to: str | None = None
    kind: str | None = None

    def within(self, first: str, last: str) -> bool:
        """Whether it held on some day from `first` to `last`."""
        return self.valid_from <= last and (self.valid_to is None or self.valid_to > first)


@dataclass(frozen=True, slots=True)
class Link:
    """A reform as the registry tells it of one side: the other side, what it is to this one, and the day."""

    kind: Reform
    municipality: str
    role: Literal["predecessor", "successor"]
    on: str


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality: an id that survives reforms, its names when (oldest first), its reforms, its tile, its people."""

    id: str
    revision: int
    region: str
    history: tuple[Named, ...]
    succession: tuple[Link, ...] = ()
    tile: tuple[int, int] | None = None
    population: int | None = None


def days_of(period: str) -> tuple[str, str]:
    """The first and last day of a year, or of a school year (1 September to 31 August); Refused if it is none."""
    last = period_year(period)
    if "-" in period:
        return f"{last - 1}-09-01", f"{last}-08-31"
    return f"{last}-01-01", f"{last}-12-31"


def day_of(instant: datetime | None) -> str | None:
    """The day of an instant by the region's clocks; None where none is meant."""
    return None if instant is None else calendar.day_of(instant).isoformat()


def _until(period: str, day: str | None) -> tuple[str, str]:
    """The days of a period as far as it had come by a day; that day itself where it had not begun."""
    first, last = days_of(period)
    return (first, last) if day is None else (min(first, day), min(last, day))


def _day(told: str) -> str:
    return f"{date.fromisoformat(told):%d.%m.%Y}"


def alphabetical(name: str) -> str:
    """A key that sorts Russian names as a dictionary does."""
    return name.casefold().replace("ё", "е")


class Names:
    """The municipalities by id; `version` grows with each that became known or changed."""

    def __init__(self) -> None:
        self.version = 0
        self._known: dict[str, Municipality] = {}
        self._regions: dict[str, dict[str, Municipality]] = {}
        self._on_tile: dict[_Tile, set[str]] = {}

    def put(self, municipality: Municipality) -> None:
        """Take one over unless it is not newer."""
        before = self._known.get(municipality.id)
        if before is None or before.revision < municipality.revision:
            self._known[municipality.id] = municipality
            region = region_of(municipality.id)
            self._regions.setdefault(region, {})[municipality.id] = municipality
            if before is not None and before.tile is not None:
                self._on_tile[region, *before.tile].discard(municipality.id)
            if municipality.tile is not None:
                self._on_tile.setdefault((region, *municipality.tile), set()).add(municipality.id)
            self.version += 1

    def knows(self, municipality: str) -> bool:
        """Whether this is the id of a municipality."""
        return municipality in self._known

    def regions(self) -> list[str]:
        """The regions that have a municipality."""
        return sorted(self._regions)

    def ids(self, region: str) -> list[str]:
        """Every municipality known of a region."""
        return list(self._regions.get(region, ()))

    def neighbours(self, municipality: str) -> frozenset[str]:
        """Those whose tiles on the map of its region touch its tile, also at a corner; nobody where it has none."""
        own = self._known.get(municipality)
        if own is None or own.tile is None:
            return frozenset()
        column, row = own.tile
        around = product([region_of(municipality)], range(column - 1, column + 2), range(row - 1, row + 2))
        return frozenset().union(*(self._on_tile.get(tile, ()) for tile in around)) - {municipality}

    def existed(self, municipality: str, period: str, *, by: str | None = None) -> bool:
        """Whether it had a name on some day of the period (`by` a day of it); an unknown one is taken at its word."""
        found = self._known.get(municipality)
        first, last = _until(period, by)
        return found is None or any(one.within(first, last) for one in found.history)

    def every(self) -> list[Municipality]:
        """All of them."""
        return list(self._known.values())

    def lived(self, municipality: str, period: str, *, by: str | None = None) -> str:
        """Why it was not there in a period, `by` a day of it: not yet, or no more, with the day."""
        first, last = _until(period, by)
        history = self._known[municipality].history
        over = [one.valid_to for one in history if one.valid_to is not None and one.valid_to <= first]
        ahead = [one.valid_from for one in history if one.valid_from > last]
        if over:
            return f"упразднён {_day(max(over))}"
        return f"образован {_day(min(ahead))}" if ahead else "без названия в эти дни"

    def on(self, municipality: str, day: str, *, before: bool = False) -> dict[str, str | None]:
        """`{"id", "name", "oktmo"}` on a day, or just `before` it."""
        found = self._known.get(municipality)
        if found is None or not found.history:
            return {"id": municipality, "name": municipality, "oktmo": None}
        held = [one for one in found.history if one.valid_from < day or (one.valid_from == day and not before)]
        named = held[-1] if held else found.history[0]
        return {"id": municipality, "name": named.name, "oktmo": named.oktmo}

    def of(self, municipality: str, period: str, *, by: str | None = None) -> dict[str, str | None]:
        """`{"id", "name", "oktmo"}` as of the end of the period, or as far as it had come `by` a day.

        One unknown yet is called by its id.
        """
        named = self._named(municipality, period, by)
        if named is None:
            return {"id": municipality, "name": municipality, "oktmo": None}
        return {"id": municipality, "name": named.name, "oktmo": named.oktmo}

    def kind(self, municipality: str, period: str) -> str | None:
        """Its kind as of the end of the period; None where that is not known."""
        named = self._named(municipality, period, None)
        return named.kind if named else None

    def population(self, municipality: str) -> int | None:
        """How many people the registry gives it; None where it gives none."""
        found = self._known.get(municipality)
        return found.population if found else None

    def _named(self, municipality: str, period: str, by: str | None) -> Named | None:
        found = self._known.get(municipality)
        if found is None or not found.history:
            return None
        first, last = _until(period, by)
        held = [one for one in found.history if one.within(first, last)]
        return held[-1] if held else found.history[-1]

    def ever(self, text: str) -> list[str]:
        """The ids behind an id or a code that was valid at any time, the last bearer first; codes may move on."""
        if text in self._known:
            return [text]
        borne = {
            one.id: max(named.valid_from for named in one.history if named.oktmo == text)
            for one in self._known.values()
            if any(named.oktmo == text for named in one.history)
        }
        return sorted(borne, key=lambda one: (borne[one], one), reverse=True)

    def find(self, text: str, period: str) -> str | None:
        """The id behind an id or a code that was valid in the period (its last bearer); None where it means nobody."""
        if text in self._known:
            return text
        first, last = days_of(period)
        bearers = [
            (one.valid_from, municipality.id)
            for municipality in self._known.values()
            for one in municipality.history
            if one.oktmo == text and one.within(first, last)
        ]
        return max(bearers)[1] if bearers else None
