"""The cheapest choice of so many changes where points hardly ever coincide: partial choices from both ends that meet.

A choice is one integer, its *cost*: its gain less a fraction, which is the greater the earlier its options stand in
order; the fraction fills the low bits. So the cheaper choice, or of as much gain the first in order, is the lesser
integer, and costs add up along the items. Partial choices are kept as ascending costs. One is thrown away when even the
most that the items still ahead of it can add does not suffice, or when the least does not stay below the best choice
known: a narrow search, which keeps few, finds a good one; a wide one then proves it or betters it.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from services.scoring.domain.next_level.options import Items, Options

# How many partial choices either side may keep: to find a good choice; to prove that none is better (some 0.2 s).
NARROW, WIDE = 1_000, 140_000
# By changes, ascending costs of partial choices; of as much gain only the first in order.
States = dict[int, list[int]]


class Step(NamedTuple):
    """What one option changes and costs."""

    changes: int
    cost: int


class Span(NamedTuple):
    """The least and the most that some items can cost by so many changes."""

    least: int
    most: int


# By changes.
Spans = dict[int, Span]


class Task(NamedTuple):
    """Steps by item, the greatest first; how many changes; what the items from a place on, and before it, can add."""

    items: list[list[Step]]
    changes: int
    bits: int
    after: list[Spans]
    before: list[Spans]


class Room(NamedTuple):
    """What a choice, whole or partial, may cost: from and below."""

    least: int
    below: int


class Piece(NamedTuple):
    """A stretch of partial choices that a step leads on, and the changes that they have then."""

    changes: int
    cost: int
    costs: list[int]
    stretch: range


STAYS = Step(0, 0)


def by_meeting(items: Items, need: int, changes: int) -> tuple[Options, bool]:
    """The cheapest choice that gains at least `need` by exactly so many changes, and whether that is proven.

    So many changes suffice, fewer do not.
    """
    task = _task(items, changes)
    room = Room((need - 1 << task.bits) + 1, task.after[0][changes].most)
    best, proven = _search(task, room, NARROW)
    if not proven:
        best, proven = _search(task, Room(room.least, best), WIDE, thinning=False)
    return _options(items, best), proven


def _task(items: Items, changes: int) -> Task:
    *shifts, bits = _shifts(items)
    steps = [
        [Step(one.changes, (one.gain << bits) - (len(options) - number << shift)) for number, one in enumerate(options)]
        for options, shift in zip(items, shifts, strict=True)
    ]
    steps.sort(key=lambda some: max((one.cost for one in some), default=0), reverse=True)
    return Task(steps, changes, bits, _spans(reversed(steps), changes)[::-1], _spans(steps, changes))


def _shifts(items: Items) -> list[int]:
    """For each item where its bits begin, the first item's highest; then how many bits there are."""
    *starts, bits = accumulate((len(options).bit_length() for options in reversed(items)), initial=0)
    return [*reversed(starts), bits]


def _options(items: Items, cost: int) -> Options:
    """The choice that has this cost."""
    *shifts, bits = _shifts(items)
    rest = -cost & (1 << bits) - 1
    chosen: list[int | None] = []
    for options, shift in zip(items, shifts, strict=True):
        early, rest = divmod(rest, 1 << shift)
        chosen.append(len(options) - early if early else None)
    return tuple(chosen)


def _spans(items: Iterable[Sequence[Step]], changes: int) -> list[Spans]:
    """What the first items can add: none of them, one, two."""
    found: list[Spans] = [{0: Span(0, 0)}]
    for steps in items:
        here = dict(found[-1])
        for made, (least, most) in found[-1].items():
            for step in steps:
                count, low, high = made + step.changes, least + step.cost, most + step.cost
                if count <= changes:
                    had = here.get(count, Span(low, high))
                    here[count] = Span(min(low, had.least), max(high, had.most))
        found.append(here)
    return found


def _search(task: Task, room: Room, width: int, *, thinning: bool = True) -> tuple[int, bool]:
    """The least cost in the room, its end where there is none; whether no partial choice was left out.

    The side that has fewer grows. Where it would be more than `width`, a part is followed (`thinning`), or none.
    """
    sides: list[States] = [{0: [0]}, {0: [0]}]
    ways = zip(task.items, task.after[1:], strict=True), zip(task.items[::-1], task.before[-2::-1], strict=True)
    whole = True
    for _ in task.items:
        side = min(0, 1, key=lambda one: sum(map(len, sides[one].values())))
        steps, others = next(ways[side])
        pieces = _pieces(sides[side], steps, _rooms(others, task.changes, room))
        stride = max(1, -(-sum(len(one.stretch) for one in pieces) // width))
        whole = whole and stride == 1
        if not (whole or thinning):
            break
        sides[side] = _grown(pieces, stride, task.bits)
    return _met(sides, task.changes, room), whole


def _rooms(others: Spans, changes: int, room: Room) -> dict[int, Room]:
    """By changes made, the room of partial choices to which the others are added."""
    return {changes - count: Room(room.least - most, room.below - least) for count, (least, most) in others.items()}


def _pieces(states: States, steps: Sequence[Step], rooms: dict[int, Room]) -> list[Piece]:
    """All that can be done at an item, as far as there is room after it."""
    return [
        Piece(
            count, step.cost, costs, range(bisect_left(costs, least - step.cost), bisect_left(costs, below - step.cost))
        )
        for made, costs in states.items()
        for step in (STAYS, *steps)
        if (count := made + step.changes) in rooms
        for least, below in [rooms[count]]
    ]


def _grown(pieces: Iterable[Piece], stride: int, bits: int) -> States:
    """The partial choices after the item; of each piece one in every `stride`."""
    found: States = {}
    for count, cost, costs, stretch in pieces:
        kept = costs[stretch.start : stretch.stop : stride]
        found.setdefault(count, []).extend([one + cost for one in kept])
    return {count: _distinct(sorted(costs), bits) for count, costs in found.items()}


def _distinct(costs: list[int], bits: int) -> list[int]:
    """Of as much gain only the first in order: the others are no part of the answer.

    Of one number of changes either all chose something, so that all have a fraction, or there is only one.
    """
    return costs[:1] + [one for before, one in pairwise(costs) if before >> bits != one >> bits]


def _met(sides: Sequence[States], changes: int, room: Room) -> int:
    """The least cost of one of each side together that is in the room, its end where there is none."""
    front, back = sides
    best = room.below
    for made, some in front.items():
        few, many = sorted((some, back.get(changes - made, [])), key=len)
        for one in few:
            place = bisect_left(many, room.least - one)
            if place < len(many):
                best = min(best, one + many[place])
    return best
