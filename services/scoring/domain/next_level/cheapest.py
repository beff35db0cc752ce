"""The cheapest choice of raises: the fewest indicators, then the fewest points, then the first in order. Exact.

A choice takes at most one option of each item. First, how much any suffix of the items can gain with so many changes
gives the least number of changes that suffices. Then one of two ways finds the fewest points. Every choice has a *loss*
against that best gain: losses are never negative, they add up along the items, and a choice suffices exactly when its
loss is within the slack, which is less than what one change gains. Where points are coarse, all losses within the slack
are kept as bits (`losses`): the greatest of them is the fewest points. Where they hardly ever coincide, few choices are
near enough to what is needed, and those are searched from both ends (`meeting`).
"""

from collections.abc import Sequence
from math import gcd
from typing import NamedTuple

from services.scoring.domain.next_level.losses import Move, Moves, by_bits
from services.scoring.domain.next_level.meeting import by_meeting
from services.scoring.domain.next_level.options import Items, Option, Options

# How many bits a search may keep (16 MiB).
MOST_BITS = 1 << 27


class Choice(NamedTuple):
    """For each item the number of its option, None where it stays; `proven` that no cheaper one suffices."""

    options: Options
    proven: bool = True


# [item][changes]: the most that the items from there on gain by at most so many changes.
Best = list[list[int]]


def cheapest(items: Items, need: int) -> Choice | None:
    """The cheapest choice that gains at least `need`; None where all together do not.

    Not `proven`: the changes are the fewest, but the points are too fine-grained to prove that theirs are.
    """
    if need <= 0:
        return Choice((None,) * len(items))
    best = _best(items, need)
    if best is None:
        return None
    changes, slack = len(best[0]) - 1, best[0][-1] - need
    moves = _moves(items, best, slack)
    unit = gcd(*(move.loss for place in moves for found in place.values() for move in found)) or 1
    if sum(map(len, moves)) * (slack // unit + 1) <= MOST_BITS:
        return Choice(by_bits(moves, changes, slack, unit=unit))
    return Choice(*by_meeting(items, need, changes))


def fewest(items: Items, need: int) -> tuple[int, int] | None:
    """The least number of changes that gains at least `need`, and the most that so many gain; None as `cheapest`."""
    best = _best(items, need) if need > 0 else [[0]]
    return None if best is None else (len(best[0]) - 1, best[0][-1])


def most(items: Items) -> Choice:
    """The choice that gains as much as can be gained: of each item the greatest gain, by the fewest changes."""
    return Choice(tuple(_greatest(options) for options in items))


def _greatest(options: Sequence[Option]) -> int | None:
    return min(range(len(options)), key=lambda one: (-options[one].gain, options[one].changes), default=None)


def _best(items: Items, need: int) -> Best | None:
    """With one change more each time, until they suffice."""
    best: Best = [[0] for _ in range(len(items) + 1)]
    for changes in range(1, sum(max((one.changes for one in options), default=0) for options in items) + 1):
        best[-1].append(0)
        for place in range(len(items) - 1, -1, -1):
            after = best[place + 1]
            gains = [one.gain + after[changes - one.changes] for one in items[place] if one.changes <= changes]
            best[place].append(max([after[changes], *gains]))
        if best[0][changes] >= need:
            return best
    return None


def _moves(items: Items, best: Best, slack: int) -> Moves:
    """What can be done at each item with each number of changes left; options in order, staying last."""
    moves: Moves = []
    left = {len(best[0]) - 1: slack}
    for place, options in enumerate(items):
        after = best[place + 1]
        found: dict[int, list[Move]] = {}
        following: dict[int, int] = {}
        for changes, spare in left.items():
            here = best[place][changes]
            every = [
                Move(number, changes - one.changes, here - one.gain - after[changes - one.changes])
                for number, one in enumerate(options)
                if one.changes <= changes
            ]
            found[changes] = [
                move for move in [*every, Move(None, changes, here - after[changes])] if move.loss <= spare
            ]
            for move in found[changes]:
                following[move.left] = max(following.get(move.left, 0), spare - move.loss)
        moves.append(found)
        left = following
    return moves
