"""What an indicator can be raised to: the values at which its rule gives more points, and how many."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from math import ceil, floor
from typing import NamedTuple, TypeGuard

from services.scoring.domain.points import number
from services.scoring.domain.rules import ZERO, Absolute, Direct, Linear, Steps
from shared.kernel import number_text

# Values are reported with at most so many decimals.
UNIT = Fraction(1, 10_000)
# So many numbers of points of one indicator are looked at; a plan among fifty such indicators took a second.
MOST = 1_000


class Raise(NamedTuple):
    """A value that an indicator does not have yet, and the points that its rule gives for it."""

    value: str
    points: Fraction


def steppable(rule: object) -> TypeGuard[Absolute]:
    """Whether the rule looks at the own value alone."""
    return isinstance(rule, Direct | Linear | Steps)


def raises(rule: Absolute, present: str | None) -> tuple[Raise, ...]:
    """Every raise by ascending points; one value for each number of points, the nearest to the present one."""
    value = None if present is None else number(present)
    now = ZERO if value is None else rule.points(value)
    nearest: dict[Fraction, Fraction] = {}
    for at in _values(rule, value, now):
        points = rule.points(at)
        if points > now and at >= 0 and _nearer(at, nearest.get(points), value):
            nearest[points] = at
    return tuple(Raise(number_text(nearest[points]), points) for points in sorted(nearest))


def _values(rule: Absolute, value: Fraction | None, now: Fraction) -> Iterator[Fraction]:
    if isinstance(rule, Steps):
        return _treads(rule, value)
    if isinstance(rule, Linear):
        values = (_value_at(rule, points) for points in whole_points(now, rule.maximum))
        # Values are from 0 up: where the maximum lies below, the most is had at 0 itself.
        return chain(values, [ZERO]) if rule.end < 0 else values
    return (down(points) for points in whole_points(now, rule.maximum))


def _nearer(at: Fraction, held: Fraction | None, present: Fraction | None) -> bool:
    return held is None or (present is not None and abs(at - present) < abs(held - present))


def whole_points(now: Fraction, maximum: Fraction) -> Iterator[Fraction]:
    """The whole numbers of points above the present ones (of too many as many as `MOST`, evenly), and the maximum."""
    above = floor(maximum) - floor(now)
    yield from map(Fraction, reversed(range(floor(maximum), floor(now), -max(1, ceil(Fraction(above, MOST))))))
    if maximum > now and maximum.denominator != 1:
        yield maximum


def up(value: Fraction) -> Fraction:
    """The least value of four decimals that is not less."""
    return ceil(value / UNIT) * UNIT


def down(value: Fraction) -> Fraction:
    """The greatest value of four decimals that is not more."""
    return floor(value / UNIT) * UNIT


def _value_at(rule: Linear, points: Fraction) -> Fraction:
    """The first value of four decimals, on the way from `start` to `end`, that gives at least these points."""
    exact = rule.start + (rule.end - rule.start) * points / rule.maximum
    return up(exact) if rule.end > rule.start else down(exact)


def _treads(rule: Steps, value: Fraction | None) -> Iterator[Fraction]:
    """Of each step the value nearest to the present one; its first value where there is none."""
    thresholds = [threshold for threshold, _ in rule.steps]
    starts = (ZERO, *(up(max(threshold, ZERO)) for threshold in thresholds))
    ends = (*((ceil(threshold / UNIT) - 1) * UNIT for threshold in thresholds), None)
    for first, last in zip(starts, ends, strict=True):
        if last is None or first <= last:
            yield first if value is None else max(first, up(value) if last is None else min(value, last))
