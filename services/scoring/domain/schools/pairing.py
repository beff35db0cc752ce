"""Pairs of a strong and a weak school: alike in levels and size, near, the one no weaker in what the other lacks."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from fractions import Fraction
from itertools import chain
from typing import NamedTuple

from services.scoring.domain.schools.reading import SET
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
    """Whether a partner is strong elsewhere only, how many times as large or as small it is; then the first id."""

    elsewhere: bool
    times: Fraction
    school: str
    strong: Standing


class _Lists(NamedTuple):
    """The criteria by which a partner is itself on the lists."""

    low: frozenset[str]
    strong: frozenset[str]


def pair_up(weak: Iterable[Standing], strong: Iterable[Standing], neighbours: Neighbours) -> list[Pair]:
    """For every weak school its best partner, if there is one; a strong school may help several.

    No partner is low itself by a criterion by which the weak school is. Best: of the same municipality before a
    neighbouring one, then strong by such a criterion (the set is none: it says not in what), then the nearest in size,
    then by id. Schools of no municipality are paired with none.
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
    """Strong schools by municipality and levels, there by their lists."""

    def __init__(self, strong: Iterable[Standing]) -> None:
        self._alike: dict[tuple[str, tuple[str, ...]], dict[_Lists, _Alike]] = defaultdict(lambda: defaultdict(_Alike))
        for one in sorted(strong, key=lambda one: (one.size or 0, one.school)):
            if one.municipality is not None and one.size:
                lists = _Lists(one.criteria("low_results"), one.criteria("strong"))
                self._alike[one.municipality, one.levels][lists].add(one, one.size)

    def best(self, weak: Standing, size: int, municipalities: Iterable[str]) -> Standing | None:
        """The partner of these municipalities that fits a weak school of so many participants best."""
        low = weak.criteria("low_results")
        fits = chain.from_iterable(self._fits(weak, size, low, municipality=one) for one in municipalities)
        best = min(fits, key=lambda one: one[:3], default=None)
        return best and best.strong

    def _fits(self, weak: Standing, size: int, low: frozenset[str], *, municipality: str) -> Iterator[_Fit]:
        for lists, alike in self._alike.get((municipality, weak.levels), {}).items():
            if low.isdisjoint(lists.low):
                elsewhere = (low - {SET}).isdisjoint(lists.strong)
                for times, partner in alike.nearest(weak.school, size):
                    yield _Fit(elsewhere, times, partner.school, partner)


class _Alike:
    """Strong schools that differ in size alone: only the nearest above and below can be the best."""

    def __init__(self) -> None:
        self._sizes: list[int] = []
        self._by_size: dict[int, list[Standing]] = {}

    def add(self, one: Standing, size: int) -> None:
        """A school of so many participants; they come in the order of size and id."""
        if size not in self._by_size:
            self._sizes.append(size)
        self._by_size.setdefault(size, []).append(one)

    def nearest(self, other_than: str, size: int) -> Iterator[tuple[Fraction, Standing]]:
        """The first school that is another one, of the nearest sizes from this up and below it, and the proportion."""
        place = bisect_left(self._sizes, size)
        for way in (self._sizes[place:], reversed(self._sizes[:place])):
            others = ((some, one) for some in way for one in self._by_size[some] if one.school != other_than)
            found = next(others, None)
            if found is not None and max(size, found[0]) <= MOST_TIMES * min(size, found[0]):
                yield Fraction(max(size, found[0]), min(size, found[0])), found[1]
