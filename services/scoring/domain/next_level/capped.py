"""Indicators that gain no more together than their procedure's maximum leaves room for: all of them as one item.

Of ways that gain as much only that of the fewest changes counts, of those the first in order. For every number of
changes the way that gains most is always among them (`fullest`): what is the least number of changes, and whether the
goal can be reached, does not depend on how many of the others are kept (`combined`).
"""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from math import inf
from typing import NamedTuple

from services.scoring.domain.next_level.options import Options

# By indicator, what each of its raises gains, ascending; all are positive.
Gains = Sequence[Sequence[int]]
# So many sums are looked at in one procedure (some 0.1 s).
MOST_SUMS = 100_000


class Together(NamedTuple):
    """By indicator the number of its raise (None: it stays), and what they gain together, within the room."""

    options: Options
    gain: int


class Needed(NamedTuple):
    """The least number of changes that reaches the goal, and what the fullest ways of so many gain beyond it."""

    changes: int
    slack: int


class _Way(NamedTuple):
    """How many changes, and the place in order: digits, one for each indicator, staying the highest."""

    changes: int
    order: int


# By what is gained.
_Ways = dict[int, _Way]


def fullest(gains: Gains, room: int) -> list[Together]:
    """For each number of changes, up to the one that fills the room, the first way in order that gains most."""
    tops = [_tops(gains[place:]) for place in range(len(gains) + 1)]
    found = []
    for changes, most in enumerate(tops[0][1:], start=1):
        found.append(_first(gains, changes, min(most, room), room=room, tops=tops))
        if most >= room:
            break
    return found


def combined(gains: Gains, room: int, need: Needed) -> tuple[list[Together], bool]:
    """The ways in order that a cheapest choice can hold, and whether it is all of them.

    Those are the fullest, and those that leave some room and stay within the slack of the fullest of as many changes.
    Of too many some that stand evenly apart by what they gain.
    """
    base = max(map(len, gains), default=0) + 1
    full = [min(most, room) for most in _tops(gains)]
    ways: _Ways = {0: _Way(0, 0)}
    whole = True
    for place in range(len(gains) - 1, -1, -1):
        kept = _thinned(ways, MOST_SUMS // len(gains))
        led_on = {gain: way for gain, way in kept.items() if way.changes < need.changes}
        raised = _thinned(led_on, MOST_SUMS // len(gains) // len(gains[place]))
        whole = whole and (len(kept), len(raised)) == (len(ways), len(led_on))
        least = _least(_tops(gains[:place]), full, room=room, need=need)
        grown = _grown(raised, kept, gains[place], digit=base ** (len(gains) - 1 - place), stays=base - 1)
        ways = {gain: way for gain, way in grown.items() if gain < room and least[way.changes] <= gain}
    for one in fullest(gains, room):
        _put(ways, one.gain, _way(one.options, base))
    ways.pop(0, None)
    in_order = sorted(ways.items(), key=lambda one: one[1].order)
    return [Together(_options(way.order, base, len(gains)), gain) for gain, way in in_order], whole


def _least(ahead: Sequence[int], full: Sequence[int], *, room: int, need: Needed) -> list[float]:
    """By the changes of a way, what it has to gain so that the indicators ahead can bring it within the slack."""
    found = [inf] * (len(full) + 1)
    for made in range(min(need.changes, len(full) - 1) + 1):
        for more, most in enumerate(ahead[: len(full) - made]):
            lowest = full[made + more] - need.slack
            if made + more <= need.changes and lowest < room:
                found[made] = min(found[made], lowest - most)
    return found


def _tops(gains: Gains) -> list[int]:
    """What these gain at most by no change, by one, by two, without a limit."""
    return [*accumulate(sorted((some[-1] for some in gains), reverse=True), initial=0)]


def _first(gains: Gains, changes: int, need: int, *, room: int, tops: Sequence[Sequence[int]]) -> Together:
    """The first way in order that gains `need` by exactly so many changes: one that does is known to exist."""
    options: list[int | None] = []
    made = 0
    for place, some in enumerate(gains):
        after = tops[place + 1]
        one = None
        if changes and changes <= len(after):
            enough = bisect_left(some, need - made - after[changes - 1])
            one = enough if enough < len(some) else None
        options.append(one)
        if one is not None:
            made, changes = made + some[one], changes - 1
    return Together(tuple(options), min(made, room))


def _thinned(ways: _Ways, most: int) -> _Ways:
    """As many as may be kept, evenly apart."""
    stride = -(-len(ways) // max(1, most))
    return ways if stride <= 1 else dict(sorted(ways.items())[::stride])


def _grown(raised: _Ways, kept: _Ways, gains: Sequence[int], *, digit: int, stays: int) -> _Ways:
    """The ways with one indicator more, which is the first in order: raised by each of these, or staying."""
    found: _Ways = {}
    for option, gained in enumerate(gains):
        for gain, way in raised.items():
            _put(found, gain + gained, _Way(way.changes + 1, way.order + option * digit))
    for gain, way in kept.items():
        _put(found, gain, _Way(way.changes, way.order + stays * digit))
    return found


def _put(ways: _Ways, gain: int, way: _Way) -> None:
    held = ways.get(gain)
    if held is None or way < held:
        ways[gain] = way


def _way(options: Options, base: int) -> _Way:
    order = 0
    for one in options:
        order = order * base + (base - 1 if one is None else one)
    return _Way(sum(one is not None for one in options), order)


def _options(order: int, base: int, indicators: int) -> Options:
    found: list[int | None] = []
    for _ in range(indicators):
        order, one = divmod(order, base)
        found.append(None if one == base - 1 else one)
    return tuple(reversed(found))
