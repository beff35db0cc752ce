"""What can be done in one procedure: its indicators one by one, or together where its maximum limits them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from math import floor, lcm
from typing import NamedTuple

from services.scoring.domain.next_level.capped import Needed, Together, combined, fullest
from services.scoring.domain.next_level.options import Options
from services.scoring.domain.next_level.steps import Step, Way
from services.scoring.domain.rules import ZERO

# Of each item at most one way is taken.
Ways = list[list[Way]]


class Least(NamedTuple):
    """The least number of indicators that reaches a goal, and by how many points they can exceed it."""

    changes: int
    slack: Fraction


@dataclass(frozen=True, slots=True)
class Part:
    """The steps of a procedure by indicator, by ascending points; `room`: what they may gain together (None: all)."""

    steps: Sequence[Sequence[Step]]
    room: Fraction | None = None

    def roughly(self) -> Ways:
        """Enough to know how many indicators a goal takes: where there is a limit, only what gains most by so many."""
        if self.room is None:
            return self._alone()
        gains, room, grain = self._whole(self.room)
        return [self._ways(fullest(gains, room), grain)]

    def precisely(self, least: Least) -> tuple[Ways, bool]:
        """All that a cheapest plan can hold, and whether nothing is left out."""
        tops = sorted((some[-1].gain for some in self.steps), reverse=True)
        if self.room is None or sum(tops[: least.changes], ZERO) <= self.room:
            return self._alone(), True
        gains, room, grain = self._whole(self.room)
        ways, whole = combined(gains, room, Needed(least.changes, floor(least.slack * grain)))
        return [self._ways(ways, grain)], whole

    def _alone(self) -> Ways:
        return [[Way((one,), one.gain) for one in some] for some in self.steps]

    def _whole(self, room: Fraction) -> tuple[list[list[int]], int, int]:
        """Gains and room as whole numbers of one grain."""
        grain = lcm(room.denominator, *(one.gain.denominator for one in chain(*self.steps)))
        return [[int(one.gain * grain) for one in some] for some in self.steps], int(room * grain), grain

    def _ways(self, found: Iterable[Together], grain: int) -> list[Way]:
        return [Way(self._chosen(one.options), Fraction(one.gain, grain)) for one in found]

    def _chosen(self, options: Options) -> tuple[Step, ...]:
        return tuple([some[one] for some, one in zip(self.steps, options, strict=True) if one is not None])
