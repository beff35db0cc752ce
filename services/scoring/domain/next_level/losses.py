"""Which losses choices have: all within the slack, as bits; the first choice of the greatest one."""

from typing import NamedTuple

from services.scoring.domain.next_level.options import Options


class Move(NamedTuple):
    """What can be done with one item: the number of an option (None: it stays), changes left after it, the loss."""

    option: int | None
    left: int
    loss: int


# [item][changes left]: what can be done there within the slack that is left; options in order, staying last.
Moves = list[dict[int, list[Move]]]


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
    rest = found[0][changes].bit_length() - 1
    chosen: list[int | None] = []
    for place, after in zip(moves, found[1:], strict=True):
        move = next(one for one in place[changes] if _holds(after.get(one.left, 0), rest - one.loss // unit))
        chosen.append(move.option)
        changes, rest = move.left, rest - move.loss // unit
    return tuple(chosen)


def _holds(losses: int, loss: int) -> bool:
    return loss >= 0 and bool(losses >> loss & 1)
