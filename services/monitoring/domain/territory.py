"""Municipalities with their dated names and codes, and organisations: what the registry told, as we read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Dated:
    """A name and an OKTMO code as they stood from a day to the day before another."""

    name: str
    oktmo: str
    since: date
    until: date | None = None

    def holds(self, first: date, last: date) -> bool:
        """Whether it stood on any day of a span."""
        return self.since <= last and (self.until is None or self.until > first)


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality; the id survives reforms, `history` does not overlap."""

    id: str
    revision: int
    history: tuple[Dated, ...]

    def existed(self, first: date, last: date) -> bool:
        """Whether it was there on any day of a span."""
        return any(dated.holds(first, last) for dated in self.history)

    def on(self, day: date) -> Dated | None:
        """Its name and code on a day: those in force, else the nearest ones."""
        if not self.history:
            return None
        held = [dated for dated in self.history if dated.holds(day, day)]
        return held[0] if held else min(self.history, key=lambda dated: abs((dated.since - day).days))

    def shown(self, day: date) -> Mapping[str, str]:
        """Id, name and code for an answer."""
        dated = self.on(day)
        return {
            "id": self.id,
            "name": dated.name if dated else self.id,
            "oktmo": dated.oktmo if dated else "",
        }


@dataclass(frozen=True, slots=True)
class Organization:
    """An organisation and its municipality (None where the ministry owns it).

    `until` is the first day on which it was no more; one stored before its days were heard has none.
    """

    id: str
    revision: int
    municipality: str | None
    since: date | None = None
    until: date | None = None

    def existed(self, first: date, last: date) -> bool:
        """Whether it was there on any day of a span."""
        return (self.since is None or self.since <= last) and (self.until is None or self.until > first)
