"""Similar municipalities: those of the same kind and, where the registry gives a population, of about the same size."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from services.scoring.domain.analytics.effect import Changed

By = Literal["kind_and_population", "kind"]
TIMES = 2
NO_KIND = "вид муниципалитета неизвестен"
NOBODY: Mapping[By, str] = {
    "kind_and_population": "нет другого того же вида с населением не больше чем вдвое иным и с долями за оба периода",
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
    kinds: dict[str, list[tuple[Traits, Fraction]]] = {}
    for one, change in compared.items():
        own = traits.get(one, Traits())
        if own.kind is not None:
            kinds.setdefault(own.kind, []).append((own, change))
    ranked = {kind: _Kind(some) for kind, some in kinds.items()}
    return {one: _peers(traits.get(one, Traits()), change, ranked) for one, change in compared.items()}


class _Kind:
    """The compared municipalities of one kind; who is similar is a stretch of them by population.

    Their changes are put in order once: the median of each stretch is found by places, which are plain numbers.
    """

    def __init__(self, members: Iterable[tuple[Traits, Fraction]]) -> None:
        listed = list(members)
        self.changes = sorted({change for _, change in listed})
        place = {change: number for number, change in enumerate(self.changes)}
        sized = sorted((own.population, place[change]) for own, change in listed if own.population is not None)
        self._sizes, self._of_sized = [size for size, _ in sized], [at for _, at in sized]
        self._of_all = [place[change] for _, change in listed]

    def similar(self, population: int | None, change: Fraction) -> list[int]:
        """The places of the changes of the others that are similar, in order."""
        found = self._of_all
        if population is not None:
            smallest, greatest = -(-population // TIMES), population * TIMES
            found = self._of_sized[bisect_left(self._sizes, smallest) : bisect_right(self._sizes, greatest)]
        ordered = sorted(found)
        del ordered[bisect_left(ordered, bisect_left(self.changes, change))]
        return ordered


def _peers(own: Traits, change: Fraction, kinds: Mapping[str, _Kind]) -> Peers:
    if own.kind is None:
        return Peers(reason=NO_KIND)
    by: By = "kind" if own.population is None else "kind_and_population"
    kind = kinds[own.kind]
    told = kind.similar(own.population, change)
    if not told:
        return Peers(by, reason=NOBODY[by])
    low, high = kind.changes[told[(len(told) - 1) // 2]], kind.changes[told[len(told) // 2]]
    return Peers(by, len(told), (low + high) / 2)
