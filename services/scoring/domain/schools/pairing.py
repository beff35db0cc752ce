"""Pairs of a strong and a weak school: alike in levels and size, of the same or a neighbouring municipality."""

from collections.abc import Callable, Collection, Iterable
from fractions import Fraction
from typing import NamedTuple

from services.scoring.domain.schools.standing import Standing

# A partner is at most twice as large or as small.
MOST_TIMES = 2
SAME, NEAR = 0, 1
Neighbours = Callable[[str], Collection[str]]


class Pair(NamedTuple):
    """A weak school and the strong one that fits it best; `near` where that is of a neighbouring municipality."""

    weak: Standing
    strong: Standing
    near: bool


def pair_up(weak: Iterable[Standing], strong: Iterable[Standing], neighbours: Neighbours) -> list[Pair]:
    """For every weak school its best partner, if there is one; a strong school may help several.

    Best: of the same municipality before a neighbouring one, then the nearest in size, then by id. Schools of no
    municipality are paired with none.
    """
    partners = sorted(strong, key=lambda one: one.school)
    found = []
    for one in sorted(weak, key=lambda one: one.school):
        fitting = [(fit, other) for other in partners if (fit := _fit(one, other, neighbours)) is not None]
        if fitting:
            (place, _), best = min(fitting, key=lambda each: (each[0], each[1].school))
            found.append(Pair(one, best, near=place == NEAR))
    return found


def _fit(weak: Standing, strong: Standing, neighbours: Neighbours) -> tuple[int, Fraction] | None:
    """How well a strong school fits, the less the better; None where it does not."""
    place = _place(weak, strong, neighbours)
    if place is None or weak.school == strong.school or weak.levels != strong.levels:
        return None
    if not weak.size or not strong.size:
        return None
    times = Fraction(max(weak.size, strong.size), min(weak.size, strong.size))
    return (place, times) if times <= MOST_TIMES else None


def _place(weak: Standing, strong: Standing, neighbours: Neighbours) -> int | None:
    if weak.municipality is None or strong.municipality is None:
        return None
    if weak.municipality == strong.municipality:
        return SAME
    return NEAR if strong.municipality in neighbours(weak.municipality) else None
