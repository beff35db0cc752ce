"""The municipalities of the region: names, kinds, codes as the registry tells them, places on the tile map."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.portal.show.numbers import short_day

Told = Mapping[str, Any]
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Unit:
    """One municipality; `place` is its column and row on the tile map, None where it has none.

    `since` and `until` are the first day of its present name and the first day that it is no more, where one is set.
    """

    id: str
    oktmo: str
    name: str
    kind: str
    since: str
    until: str | None = None
    population: int | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """All units by id, the units by every code that they ever had, and the day this is about."""

    units: Mapping[str, Unit] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    today: str = ""

    def unit(self, municipality: str) -> Unit | None:
        """A unit by id, None for one that the registry does not hold."""
        return self.units.get(municipality)

    def named(self, told: str) -> str:
        """The id of a unit told by its id or code; what is not known stays as it is told."""
        return told if told in self.units else self.codes.get(told, told)

    def exists(self, one: Unit) -> bool:
        """Whether it is there today."""
        return one.since <= self.today and (one.until is None or self.today < one.until)

    def similar(self, municipality: str, count: int) -> tuple[str, ...]:
        """The present units of the same kind nearest by population, nearest first; none where too little is known."""
        own = self.units.get(municipality)
        if own is None or own.population is None:
            return ()
        near = [
            (abs(one.population - own.population), one.name, one.id)
            for one in self.units.values()
            if one.kind == own.kind and one.id != own.id and one.population is not None and self.exists(one)
        ]
        return tuple(found for _, _, found in sorted(near)[:count])

    def choices(self) -> list[tuple[str, str]]:
        """Id and name of each in alphabetical order; of one that is not there today also since or until when."""
        found = sorted(self.units.values(), key=lambda one: (one.name.casefold().replace("ё", "е"), one.id))
        return [(one.id, self._called(one)) for one in found]

    def _called(self, one: Unit) -> str:
        if self.exists(one):
            return one.name
        days = f"до {short_day(one.until)}" if one.since <= self.today else f"с {short_day(one.since)}"
        return f"{one.name} ({days})"


def read_places(text: str) -> dict[str, Place]:
    """The places on the tile map by id, from the region's CSV."""
    return {row["id"]: (int(row["tile_col"]), int(row["tile_row"])) for row in csv.DictReader(io.StringIO(text))}


def read_region(told: Iterable[Told], places: Mapping[str, Place], today: date) -> Region:
    """The region as the registry tells it on a day; `places` for those whose place it does not tell."""
    items = list(told)
    return Region({one["id"]: _unit(one, places) for one in items}, _codes(items, today), today.isoformat())


def _unit(told: Told, places: Mapping[str, Place]) -> Unit:
    placed = told["tile_col"] is not None and told["tile_row"] is not None
    return Unit(
        id=told["id"],
        oktmo=told["oktmo"],
        name=told["name"],
        kind=told["kind"],
        since=told["valid_from"],
        until=told["valid_to"],
        population=told["population"],
        place=(told["tile_col"], told["tile_row"]) if placed else places.get(told["id"]),
    )


def _codes(items: Iterable[Told], today: date) -> dict[str, str]:
    """Whose each code is today, else whose it was last, else whose it will be first: as the registry resolves it."""
    held: dict[str, list[tuple[tuple[bool, bool, int], str]]] = {}
    for one in items:
        for spell in one["history"]:
            held.setdefault(spell["oktmo"], []).append((_nearness(spell, today), one["id"]))
    return {code: max(found)[1] for code, found in held.items()}


def _nearness(spell: Told, today: date) -> tuple[bool, bool, int]:
    since, day = date.fromisoformat(spell["valid_from"]), today.isoformat()
    begun = since <= today
    holds = begun and (spell["valid_to"] is None or day < spell["valid_to"])
    return holds, begun, since.toordinal() if begun else -since.toordinal()
