"""How municipalities, procedures and schools are called: as they were in a period, by id or by code."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.notification.domain.deadlines import ALWAYS, Days
from services.notification.domain.facts import DatedName, NameFact

MUNICIPALITY = "municipality"
PROCEDURE = "procedure"
ORGANIZATION = "organization"
_YEAR = re.compile(r"\d{4}", re.ASCII)
_SCHOOL_YEAR = re.compile(r"(\d{4})-(\d{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality as every answer shows it; `oktmo` is null while its state has not been heard."""

    id: str
    name: str
    oktmo: str | None


def last_day(period: str) -> date | None:
    """The last day of a year (`2022`) or school year (`2021-2022`, to 31 August); None for other words."""
    if _YEAR.fullmatch(period) and period != "0000":
        return date(int(period), 12, 31)
    if (found := _SCHOOL_YEAR.fullmatch(period)) and found[2] != "0000":
        return date(int(found[2]), 8, 31)
    return None


def valid_on(history: tuple[DatedName, ...], day: date | None) -> DatedName:
    """The name of that day; the nearest one where the day is before or after all that is known."""
    ordered = sorted(history, key=lambda name: name.valid_from)
    if day is None:
        return ordered[-1]
    begun = [name for name in ordered if name.valid_from <= day.isoformat()]
    return begun[-1] if begun else ordered[0]


class Names:
    """All names that have been heard; what has not is shown by its id."""

    def __init__(self, facts: Iterable[NameFact] = ()) -> None:
        self._by_id = {fact.id: fact for fact in facts}
        self._bearers: dict[str, list[tuple[str, str]]] = {}
        for fact in self._by_id.values():
            for name in fact.history if fact.kind == MUNICIPALITY else ():
                self._bearers.setdefault(name.oktmo or "", []).append((name.valid_from, fact.key))

    def with_schools(self, facts: Iterable[NameFact]) -> "Names":
        """The same with the names of some schools: they are too many to be held all."""
        return Names([*self._by_id.values(), *facts])

    def school(self, key: str) -> str | None:
        """The name of a school, where it was asked for and has been heard."""
        found = self._by_id.get(f"{ORGANIZATION}:{key}")
        return found.history[-1].name if found else None

    def municipality(self, key: str, period: str) -> Place:
        """A municipality as it was called at the end of a period."""
        return self.municipality_on(key, last_day(period))

    def municipality_on(self, key: str, day: date | None) -> Place:
        """A municipality as it was called on a day, or last."""
        found = self._by_id.get(f"{MUNICIPALITY}:{key}")
        if found is None or not found.history:
            return Place(key, key, None)
        name = valid_on(found.history, day)
        return Place(key, name.name, name.oktmo)

    def knows(self, key: str) -> bool:
        """Whether a municipality of this id has been heard of."""
        return f"{MUNICIPALITY}:{key}" in self._by_id

    def lacks(self, key: str) -> bool:
        """Whether there is no municipality of this id; nobody can say before any has been heard of."""
        return bool(self._bearers) and not self.knows(key)

    def region(self, municipality: str) -> str | None:
        """The region of a municipality; None while it was not told."""
        found = self._by_id.get(f"{MUNICIPALITY}:{municipality}")
        return found.region if found else None

    def days(self, municipality: str) -> Days:
        """On which days a municipality is there; always while it was not told of."""
        found = self._by_id.get(f"{MUNICIPALITY}:{municipality}")
        if found is None or not found.history:
            return ALWAYS
        ordered = sorted(found.history, key=lambda name: name.valid_from)
        return Days(ordered[0].valid_from, ordered[-1].valid_to)

    def procedure(self, key: str) -> str:
        """The name of a procedure; its key while its description has not been heard."""
        found = self._by_id.get(f"{PROCEDURE}:{key}")
        return found.history[-1].name if found else key

    def id_of(self, key: str, day: date) -> str:
        """The municipality that an id or an OKTMO code means on a day; a code may pass to another one.

        Of those that bear it at any time: the last up to that day, else the first to come.
        """
        bearers = sorted(self._bearers.get(key, ()))
        begun = [bearer for since, bearer in bearers if since <= day.isoformat()]
        return begun[-1] if begun else bearers[0][1] if bearers else key


def newest(facts: Iterable[NameFact], known: dict[str, int]) -> list[NameFact]:
    """The last revision of each name that is newer than the known one; a repeat is none."""
    found: dict[str, NameFact] = {}
    for fact in facts:
        held = found[fact.id].revision if fact.id in found else known.get(fact.id, -1)
        if fact.revision > held:
            found[fact.id] = fact
    return list(found.values())
