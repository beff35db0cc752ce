"""Municipalities as scoring knows them: dated names and codes, read for a period."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.scoring.domain.period import period_year


@dataclass(frozen=True, slots=True)
class Named:
    """A name and OKTMO code from one day (ISO text) to the day before another; open where that is None."""

    name: str
    oktmo: str
    valid_from: str
    valid_to: str | None = None

    def within(self, first: str, last: str) -> bool:
        """Whether it held on some day from `first` to `last`."""
        return self.valid_from <= last and (self.valid_to is None or self.valid_to > first)


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality: an id that survives reforms, and what it was called when (oldest first)."""

    id: str
    revision: int
    region: str
    history: tuple[Named, ...]

    def document(self) -> dict[str, Any]:
        """The municipality as plain data."""
        history = [
            {"name": one.name, "oktmo": one.oktmo, "valid_from": one.valid_from, "valid_to": one.valid_to}
            for one in self.history
        ]
        return {"_id": self.id, "revision": self.revision, "region": self.region, "history": history}


def municipality_from(document: Mapping[str, Any]) -> Municipality:
    """The municipality behind `Municipality.document`."""
    history = tuple(Named(one["name"], one["oktmo"], one["valid_from"], one["valid_to"]) for one in document["history"])
    return Municipality(document["_id"], document["revision"], document["region"], history)


def days_of(period: str) -> tuple[str, str]:
    """The first and last day of a year, or of a school year (1 September to 31 August); Refused if it is none."""
    last = period_year(period)
    if "-" in period:
        return f"{last - 1}-09-01", f"{last}-08-31"
    return f"{last}-01-01", f"{last}-12-31"


def alphabetical(name: str) -> str:
    """A key that sorts Russian names as a dictionary does."""
    return name.casefold().replace("ё", "е")


class Names:
    """The municipalities by id; `version` grows with each that became known or changed."""

    def __init__(self) -> None:
        self.version = 0
        self._known: dict[str, Municipality] = {}

    def put(self, municipality: Municipality) -> None:
        """Take one over unless it is not newer."""
        before = self._known.get(municipality.id)
        if before is None or before.revision < municipality.revision:
            self._known[municipality.id] = municipality
            self.version += 1

    def ids(self) -> list[str]:
        """Every municipality known."""
        return list(self._known)

    def existed(self, municipality: str, period: str) -> bool:
        """Whether it had a name on some day of the period; an unknown one is taken at its word."""
        found = self._known.get(municipality)
        first, last = days_of(period)
        return found is None or any(one.within(first, last) for one in found.history)

    def of(self, municipality: str, period: str) -> dict[str, str | None]:
        """`{"id", "name", "oktmo"}` as of the end of the period; one unknown yet is called by its id."""
        found = self._known.get(municipality)
        if found is None or not found.history:
            return {"id": municipality, "name": municipality, "oktmo": None}
        first, last = days_of(period)
        held = [one for one in found.history if one.within(first, last)]
        named = held[-1] if held else found.history[-1]
        return {"id": municipality, "name": named.name, "oktmo": named.oktmo}

    def find(self, text: str, period: str) -> str | None:
        """The id behind an id or a code that was valid in the period; None where it means nobody."""
        if text in self._known:
            return text
        first, last = days_of(period)
        for municipality in self._known.values():
            if any(one.oktmo == text and one.within(first, last) for one in municipality.history):
                return municipality.id
        return None
