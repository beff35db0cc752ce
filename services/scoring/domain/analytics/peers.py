"""Similar municipalities: those of the same kind and, where the registry gives a population, of about the same size."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import Literal

from services.scoring.domain.analytics.effect import Changed

By = Literal["kind_and_population", "kind"]
TIMES = 2
NO_KIND = "вид муниципалитета неизвестен"
NOBODY: Mapping[By, str] = {
    "kind_and_population": "нет другого того же вида, с населением от половины до двух своих и с долями за оба периода",
    "kind": "нет другого того же вида с долями за оба периода",
}


@dataclass(frozen=True, slots=True)
class Traits:
    """What makes municipalities similar: the kind in the period, and the population where it is known."""

    kind: str | None = None
    population: int | None = None


@dataclass(frozen=True, slots=True)
class Peers:
    """The similar ones that could be compared, by what they were chosen, their median change; or why there is none."""

    by: By | None = None
    count: int = 0
    median: Fraction | None = None
    reason: str | None = None


def peers(rows: Iterable[Changed], traits: Mapping[str, Traits]) -> dict[str, Peers]:
    """For each compared municipality the median change of the similar ones among the compared."""
    compared = {row.municipality: row.change for row in rows if row.change is not None}
    return {one: _peers(one, compared, traits) for one in compared}


def _peers(whose: str, compared: Mapping[str, Fraction], traits: Mapping[str, Traits]) -> Peers:
    own = traits.get(whose, Traits())
    if own.kind is None:
        return Peers(reason=NO_KIND)
    by: By = "kind" if own.population is None else "kind_and_population"
    told = [change for one, change in compared.items() if one != whose and similar(own, traits.get(one, Traits()))]
    return Peers(by, len(told), Fraction(median(told))) if told else Peers(by, reason=NOBODY[by])


def similar(own: Traits, other: Traits) -> bool:
    """Whether another is of the same known kind and, where the own population is known, between half and twice it."""
    if own.kind is None or own.kind != other.kind:
        return False
    if own.population is None:
        return True
    here, there = own.population, other.population
    return there is not None and here <= TIMES * there and there <= TIMES * here
