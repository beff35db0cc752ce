"""Which losses choices have: those within the slack, as bits or by halves; the first choice of the greatest one."""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import NamedTuple

Options = tuple[int | None, ...]
# How many losses either half may keep (some 0.1 s of work).
MOST_LOSSES = 150_000
NOTHING: frozenset[int] = frozenset()


class Move(NamedTuple):
    """What can be done with one item: the number of an option (None: it stays), changes left after it, the loss."""

    option: int | None
    left: int
    loss: int


# [item][changes left]: what can be done there within the slack that is left; options in order, staying last.
Moves = list[dict[int, list[Move]]]
# [changes left]: losses that can be had.
Losses = dict[int, set[int]]
Stays = Callable[[int, int, Move], bool]


def by_bits(moves: Moves, changes: int, slack: int, *, unit: int) -> Options:
    """The first choice of the greatest loss within the slack; a bit for each loss, which all are whole units."""
    mask = (1 << slack // unit + 1) - 1
    found: list[dict[int, int]] = [dict.fromkeys(range(changes + 1), 1)]
    for place in reversed(moves):
        after, here = found[-1], {}
        for left, some in place.items():
            losses = 0
            for move in some:
                losses |= after.get(move.left, 0) << move.loss // unit
            here[left] = losses & mask
        found.append(here)
    found.reverse()
    wanted = found[0][changes].bit_length() - 1

    def stays(place: int, had: int, move: Move) -> bool:
        rest = wanted - had // unit - move.loss // unit
        return rest >= 0 and bool(found[place + 1].get(move.left, 0) >> rest & 1)

    return _walk(moves, changes, stays)


def by_halves(moves: Moves, changes: int, slack: int) -> Options | None:
    """The same for losses of any grain: all of the first half with all of the second; None where there are too many."""
    middle = len(moves) // 2
    ahead = _ahead(moves[:middle], changes, slack)
    behind = _behind(moves[middle:], changes, _spare(moves, changes, slack)[middle:])
    if ahead is None or behind is None:
        return None
    wanted = max(_greatest(some, behind[0].get(left, NOTHING), slack) for left, some in ahead[-1].items())
    good: list[Losses] = [
        {
            left: {had for had in some if wanted - had in behind[0].get(left, NOTHING)}
            for left, some in ahead[-1].items()
        }
    ]
    for place in range(middle - 1, -1, -1):
        good.append({left: _leading(some, moves[place].get(left, ()), good[-1]) for left, some in ahead[place].items()})
    good.reverse()

    def stays(place: int, had: int, move: Move) -> bool:
        if place < middle:
            return had + move.loss in good[place + 1].get(move.left, NOTHING)
        return wanted - had - move.loss in behind[place + 1 - middle].get(move.left, NOTHING)

    return _walk(moves, changes, stays)


def without_loss(moves: Moves, changes: int) -> Options:
    """The first choice that gains the most with so many changes."""
    return _walk(moves, changes, lambda _place, _had, move: not move.loss)


def _ahead(moves: Moves, changes: int, slack: int) -> list[Losses] | None:
    """[item]: the losses that are had when one comes to it."""
    found: list[Losses] = [{changes: {0}}]
    kept = 0
    for place in moves:
        following: Losses = {}
        for left, some in found[-1].items():
            for move in place.get(left, ()):
                most = slack - move.loss
                following.setdefault(move.left, set()).update([had + move.loss for had in some if had <= most])
        kept += sum(map(len, following.values()))
        if kept > MOST_LOSSES:
            return None
        found.append(following)
    return found


def _behind(moves: Moves, changes: int, spare: list[dict[int, int]]) -> list[Losses] | None:
    """[item]: the losses that can be had from it on, within what is spared there at most."""
    found: list[Losses] = [{left: {0} for left in range(changes + 1)}]
    kept = 0
    for place, spared in zip(reversed(moves), reversed(spare), strict=True):
        after, here = found[-1], {}
        for left, some in place.items():
            most = spared[left]
            here[left] = {
                move.loss + loss for move in some for loss in after.get(move.left, NOTHING) if move.loss + loss <= most
            }
        kept += sum(map(len, here.values()))
        if kept > MOST_LOSSES:
            return None
        found.append(here)
    return found[::-1]


def _spare(moves: Moves, changes: int, slack: int) -> list[dict[int, int]]:
    """[item][changes left]: the most slack with which one can come there."""
    found = [{changes: slack}]
    for place in moves[:-1]:
        following: dict[int, int] = {}
        for left, some in place.items():
            for move in some:
                following[move.left] = max(following.get(move.left, 0), found[-1][left] - move.loss)
        found.append(following)
    return found


def _greatest(first: Iterable[int], second: Iterable[int], slack: int) -> int:
    """The greatest sum of one of each within the slack; -1 where there is none."""
    ordered = sorted(second)
    found = -1
    for one in first:
        place = bisect_right(ordered, slack - one)
        if place:
            found = max(found, one + ordered[place - 1])
    return found


def _leading(some: Iterable[int], moves: Iterable[Move], good: Losses) -> set[int]:
    """Those of the losses from which a move leads to a good one."""
    steps = [(move.loss, good.get(move.left, NOTHING)) for move in moves]
    return {had for had in some if any(had + loss in wanted for loss, wanted in steps)}


def _walk(moves: Moves, changes: int, stays: Stays) -> Options:
    """The first choice in order whose every move stays on the way."""
    chosen: list[int | None] = []
    had = 0
    for place, found in enumerate(moves):
        move = next(one for one in found[changes] if stays(place, had, one))
        chosen.append(move.option)
        changes, had = move.left, had + move.loss
    return tuple(chosen)
