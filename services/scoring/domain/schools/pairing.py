"""Pairs of a strong and a weak school: alike in levels and size, of the same or a neighbouring municipality."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from fractions import Fraction
from itertools import chain
from typing import NamedTuple

from services.scoring.domain.schools.standing import Standing

# A partner is at most twice as large or as small.
MOST_TIMES = 2
Neighbours = Callable[[str], Collection[str]]


class Pair(NamedTuple):
    """A weak school and the strong one that fits it best; `near` where that is of a neighbouring municipality."""

    weak: Standing
    strong: Standing
    near: bool


class _Fit(NamedTuple):
    """How many times as large or as small a partner is; of equal ones the first id counts."""

    times: Fraction
    school: str
    strong: Standing


def pair_up(weak: Iterable[Standing], strong: Iterable[Standing], neighbours: Neighbours) -> list[Pair]:
    """For every weak school its best partner, if there is one; a strong school may help several.

    Best: of the same municipality before a neighbouring one, then the nearest in size, then by id. Schools of no
    municipality are paired with none.
    """
    partners = _Partners(strong)
    around: dict[str, Collection[str]] = {}
    found = []
    for one in sorted(weak, key=lambda one: one.school):
        own = one.municipality
        if own is None or not one.size:
            continue
        if own not in around:
            around[own] = neighbours(own)
        best = partners.best(one, one.size, [own]) or partners.best(one, one.size, around[own])
        if best is not None:
            found.append(Pair(one, best, near=best.municipality != own))
    return found


class _Partners:
    """Strong schools by municipality and levels, there by size: only the nearest above and below can be the best."""

    def __init__(self, strong: Iterable[Standing]) -> None:
        self._by_size: dict[tuple[str, tuple[str, ...]], dict[int, list[Standing]]] = defaultdict(dict)
        for one in sorted(strong, key=lambda one: one.school):
            if one.municipality is not None and one.size:
                self._by_size[one.municipality, one.levels].setdefault(one.size, []).append(one)
        self._sizes = {key: sorted(found) for key, found in self._by_size.items()}

    def best(self, weak: Standing, size: int, municipalities: Iterable[str]) -> Standing | None:
        """The partner of these municipalities that fits a weak school of so many participants best."""
        fits = chain.from_iterable(self._fits(weak, size, one) for one in municipalities)
        best = min(fits, key=lambda one: one[:2], default=None)
        return best and best.strong

    def _fits(self, weak: Standing, size: int, municipality: str) -> Iterator[_Fit]:
        """The first school that is another one, of the nearest sizes from the own one up and below it."""
        key = (municipality, weak.levels)
        sizes = self._sizes.get(key, [])
        place = bisect_left(sizes, size)
        for way in (sizes[place:], reversed(sizes[:place])):
            others = (one for some in way for one in self._by_size[key][some] if one.school != weak.school)
            nearest = next(others, None)
            if nearest is not None and nearest.size:
                times = Fraction(max(size, nearest.size), min(size, nearest.size))
                if times <= MOST_TIMES:
                    yield _Fit(times, nearest.school, nearest)
