"""The region pack: kind, population and place on the tile map of each municipality."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """One municipality as the pack describes it; `column` and `row` are its place on the tile map."""

    id: str
    oktmo: str
    name: str
    kind: str
    population: int
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class Region:
    """All units by id."""

    units: Mapping[str, Unit]

    def unit(self, municipality: str) -> Unit | None:
        """A unit by id, None for one that the pack does not hold."""
        return self.units.get(municipality)

    def named(self, told: str) -> str:
        """The id of a unit told by its id or code; what is not known stays as it is told."""
        return next((one.id for one in self.units.values() if told in {one.id, one.oktmo}), told)

    def similar(self, municipality: str, count: int) -> tuple[str, ...]:
        """The units of the same kind nearest by population, nearest first; none where the pack holds no such unit."""
        own = self.units.get(municipality)
        if own is None:
            return ()
        others = [one for one in self.units.values() if one.kind == own.kind and one.id != own.id]
        others.sort(key=lambda one: (abs(one.population - own.population), one.name))
        return tuple(one.id for one in others[:count])


def read_region(text: str) -> Region:
    """A pack from its CSV."""
    rows = csv.DictReader(io.StringIO(text))
    units = [
        Unit(
            id=row["id"],
            oktmo=row["oktmo"],
            name=row["name"],
            kind=row["kind"],
            population=int(row["population"] or 0),
            column=int(row["tile_col"]),
            row=int(row["tile_row"]),
        )
        for row in rows
    ]
    return Region({one.id: one for one in units})
