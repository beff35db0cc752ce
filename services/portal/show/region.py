"""The municipalities of the loaded regions: names, kinds, codes as the registry tells them, places on the tile map."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.portal.show.numbers import short_day

Told = Mapping[str, Any]
Place = tuple[int, int]
_PERIOD = re.compile(r"(?:[0-9]{4}-)?([0-9]{4})")
_NUMBER = re.compile(r"([0-9]{2,3})-", re.ASCII)


def region_of(municipality: str) -> dict[str, str]:
    """What asks for the region that an id begins with; nothing where it begins with none."""
    found = _NUMBER.match(municipality)
    return {"region": found[1]} if found else {}


@dataclass(frozen=True, slots=True)
class Spell:
    """From when a unit bears a code, and the first day on which it does no more."""

    unit: str
    since: str
    until: str | None = None

    def near(self, day: str) -> tuple[bool, bool, int]:
        """How near this is to a day, the greatest being the nearest: it holds then, else the last, else the next."""
        begun, since = self.since <= day, date.fromisoformat(self.since).toordinal()
        return begun and (self.until is None or day < self.until), begun, since if begun else -since


@dataclass(frozen=True, slots=True)
class Unit:
    """One municipality; `place` is its column and row on the tile map, None where it has none.

    `since` and `until` are the first day of its present name and the first day that it is no more, where one is set;
    `kinds` are all that it was, each with its first day, the first one first.
    """

    id: str
    oktmo: str
    name: str
    kind: str
    since: str
    until: str | None = None
    population: int | None = None
    place: Place | None = None
    kinds: Sequence[tuple[str, str]] = ()

    def kind_in(self, period: str) -> str:
        """Its kind at the end of a period, as its name is told there; before its first day the first one."""
        day = last_day(period) or self.since
        begun = [kind for since, kind in self.kinds if since <= day]
        return (begun or [kind for _, kind in self.kinds[:1]] or [self.kind])[-1]


@dataclass(frozen=True, slots=True)
class Region:
    """All units by id, of every region, who ever bore each code and when, and the day this is about."""

    units: Mapping[str, Unit] = field(default_factory=dict)
    codes: Mapping[str, Sequence[Spell]] = field(default_factory=dict)
    today: str = ""

    def unit(self, municipality: str) -> Unit | None:
        """A unit by id, None for one that the registry does not hold."""
        return self.units.get(municipality)

    def named(self, told: str, period: str = "") -> str:
        """The id of a unit told by its id, or by a code as the services read it: of its last bearer in the period.

        Without a period its bearer of today; what is not known stays as it is told.
        """
        if told in self.units or told not in self.codes:
            return told
        day = last_day(period) or self.today
        return max((one.near(day), one.unit) for one in self.codes[told])[1]

    def exists(self, one: Unit) -> bool:
        """Whether it is there today."""
        return one.since <= self.today and (one.until is None or self.today < one.until)

    def numbers(self) -> list[str]:
        """The regions that there are units of."""
        return sorted({number for one in self.units for number in region_of(one).values()})

    def similar(self, municipality: str, count: int, period: str = "") -> tuple[str, ...]:
        """The present units of the same region and, in the period, kind nearest by population, nearest first.

        None where too little is known.
        """
        own = self.units.get(municipality)
        if own is None or own.population is None:
            return ()
        near = [
            (abs(one.population - own.population), one.name, one.id)
            for one in self.units.values()
            if one.kind_in(period) == own.kind_in(period)
            and one.id != own.id
            and one.population is not None
            and self.exists(one)
            if region_of(one.id) == region_of(own.id)
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
    return Region({one["id"]: _unit(one, places) for one in items}, _codes(items), today.isoformat())


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
        kinds=sorted((one["valid_from"], one["kind"]) for one in told["history"]),
    )


def _codes(items: Iterable[Told]) -> dict[str, list[Spell]]:
    borne: dict[str, list[Spell]] = {}
    for one in items:
        for spell in one["history"]:
            borne.setdefault(spell["oktmo"], []).append(Spell(one["id"], spell["valid_from"], spell["valid_to"]))
    return borne


def last_day(period: str) -> str:
    """The last day of a year (2022) or a school year (2021-2022); empty for what is neither."""
    found = _PERIOD.fullmatch(period)
    return f"{found[1]}-{'08-31' if '-' in period else '12-31'}" if found else ""
