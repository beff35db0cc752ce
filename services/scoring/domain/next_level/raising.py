"""What an indicator can be raised to: the values at which its rule gives more points, and how many."""

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple, TypeGuard, assert_never

from services.scoring.domain.points import number
from services.scoring.domain.reported import ANYTHING, Reported
from services.scoring.domain.rules import ZERO, Absolute, Direct, Linear, Steps
from shared.kernel import number_text

# So many numbers of points of one indicator are looked at; a plan among fifty such indicators took a second.
MOST = 1_000


class Raise(NamedTuple):
    """A value that an indicator does not have yet, and the points that its rule gives for it."""

    value: str
    points: Fraction


def steppable(rule: object) -> TypeGuard[Absolute]:
    """Whether the rule looks at the own value alone."""
    return isinstance(rule, Absolute)


def raises(rule: Absolute, present: str | None, reported: Reported = ANYTHING) -> tuple[Raise, ...]:
    """Every raise by ascending points; one value for each number of points, the nearest to the present one.

    Only what can be reported: where that ends short of a number of points, the most that can be had at its end.
    """
    value = None if present is None else number(present)
    now = ZERO if value is None else rule.points(value)
    nearest: dict[Fraction, Fraction] = {}
    for at in _values(rule, value, now, reported):
        points = rule.points(at)
        if points > now and _nearer(at, nearest.get(points), value):
            nearest[points] = at
    return tuple(Raise(number_text(nearest[points]), points) for points in sorted(nearest))


def _values(rule: Absolute, value: Fraction | None, now: Fraction, reported: Reported) -> Iterator[Fraction]:
    if isinstance(rule, Steps):
        return _treads(rule, value, reported)
    wanted = whole_points(now, rule.maximum)
    if isinstance(rule, Linear):
        return (reported.within(_value_at(rule, points, reported)) for points in wanted)
    if not isinstance(rule, Direct):
        assert_never(rule)
    # Beyond the maximum nothing is reported as points, as far as is known.
    told = reported if reported.highest is not None else reported._replace(highest=rule.maximum)
    return (told.within(told.up(points)) for points in wanted)


def _nearer(at: Fraction, held: Fraction | None, present: Fraction | None) -> bool:
    return held is None or (present is not None and abs(at - present) < abs(held - present))


def whole_points(now: Fraction, maximum: Fraction) -> Iterator[Fraction]:
    """The whole numbers of points above the present ones (of too many as many as `MOST`, evenly), and the maximum."""
    above = floor(maximum) - floor(now)
    yield from map(Fraction, reversed(range(floor(maximum), floor(now), -max(1, ceil(Fraction(above, MOST))))))
    if maximum > now and maximum.denominator != 1:
        yield maximum


def _value_at(rule: Linear, points: Fraction, reported: Reported) -> Fraction:
    """The first value that can be told, on the way from `start` to `end`, that gives at least these points."""
    exact = rule.start + (rule.end - rule.start) * points / rule.maximum
    return reported.up(exact) if rule.end > rule.start else reported.down(exact)


def _treads(rule: Steps, value: Fraction | None, reported: Reported) -> Iterator[Fraction]:
    """Of each step the value nearest to the present one; its first value where there is none."""
    thresholds = [threshold for threshold, _ in rule.steps]
    starts = [ZERO, *(reported.up(max(threshold, ZERO)) for threshold in thresholds)]
    ends = [*(reported.below(threshold) for threshold in thresholds), max(starts[-1], value or ZERO)]
    for first, end in zip(starts, ends, strict=True):
        last = min(end, reported.within(end))
        if first <= last:
            yield first if value is None else max(first, min(reported.down(value), last))
