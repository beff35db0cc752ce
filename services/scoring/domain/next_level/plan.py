"""A plan: the cheapest raises of a municipality's indicators that reach a goal, or the most that can be reached."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain
from math import ceil, lcm
from typing import Any, NamedTuple

from services.scoring.domain.card import Card
from services.scoring.domain.facts import Fact
from services.scoring.domain.methodology import OVERALL, Indicator, Methodology, Procedure
from services.scoring.domain.next_level.cheapest import cheapest, most
from services.scoring.domain.next_level.goal import Goal
from services.scoring.domain.next_level.options import Option
from services.scoring.domain.next_level.raising import Raise, raises, steppable
from services.scoring.domain.points import NO_BESTS, Bests, points_of
from services.scoring.domain.rules import ZERO
from services.scoring.domain.scale import BestsOf
from services.scoring.domain.what_if import Supposed
from shared.kernel import number_text

RELATIVE = "Баллы зависят от значений других муниципалитетов: шаг этого показателя нельзя посчитать отдельно."
# Ways to combine the indicators of one procedure whose maximum is less than their sum.
MOST_WAYS = 20_000
NOTHING: Mapping[str, str | None] = {}
NO_SCALE: BestsOf = {}


class Left(NamedTuple):
    """An indicator that is no candidate, and why."""

    procedure: str
    indicator: str
    reason: str


@dataclass(frozen=True, slots=True)
class Step:
    """One indicator raised: from a value (None: no data) to another, and its points before and after."""

    procedure: Procedure
    indicator: Indicator
    present: str | None
    to: Raise

    @property
    def before(self) -> Fraction:
        """The points of the present value; none without one."""
        return ZERO if self.present is None else points_of(self.indicator.rule, self.present)

    def view(self) -> dict[str, Any]:
        """The step in the shape of the API."""
        return {
            "procedure": self.procedure.key,
            "title": self.procedure.title,
            "indicator": self.indicator.key,
            "from": self.present,
            "to": self.to.value,
            "points": {"before": number_text(self.before), "after": number_text(self.to.points)},
            "maximum": number_text(self.indicator.maximum),
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps in the edition's order; `reached` the goal or, where not, as far as it goes; what was left out."""

    steps: tuple[Step, ...] = ()
    gained: Fraction = ZERO
    reached: bool = True
    proven: bool = True
    left: tuple[Left, ...] = ()

    def supposed(self) -> Supposed:
        """The values of the steps by procedure and indicator, as what-if takes them."""
        values: Supposed = {}
        for step in self.steps:
            values.setdefault(step.procedure.key, {})[step.indicator.key] = step.to.value
        return values


class Way(NamedTuple):
    """Some steps taken together, and the points that they gain for the procedure."""

    steps: tuple[Step, ...]
    gain: Fraction


@dataclass(slots=True)
class _Candidates:
    """What can be chosen from: items of alternative ways, in the edition's order."""

    items: list[list[Way]] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    whole: bool = True


def plan(
    card: Card,
    group: str,
    goal: Goal,
    *,
    facts: Mapping[str, Fact],
    methodology: Methodology,
    bests: BestsOf = NO_SCALE,
) -> Plan:
    """The cheapest steps within a group (or `overall`) to a goal: fewest indicators, then fewest points, then order.

    `facts` are those in force by result id, `bests` the period's scale. Procedures that did not apply are no
    candidates, values that are missing are; all else stays as it is.
    """
    found = _candidates(card, _procedures(group, methodology), facts=facts, bests=bests)
    grain = lcm(*(way.gain.denominator for way in chain(*found.items)))
    options = [[Option(len(way.steps), int(way.gain * grain)) for way in ways] for ways in found.items]
    need = goal.points - (card.scores[group].points or ZERO)
    # Who has no score at all needs a step even to a goal of no points.
    least = 1 if card.scores[group].points is None else 0
    choice = cheapest(options, max(ceil(need * grain), least))
    chosen = most(options) if choice is None else choice
    ways = [ways[one] for ways, one in zip(found.items, chosen.options, strict=True) if one is not None]
    return Plan(
        steps=tuple(chain(*(way.steps for way in ways))),
        gained=sum((way.gain for way in ways), ZERO),
        reached=choice is not None,
        proven=chosen.proven and found.whole,
        left=tuple(found.left),
    )


def _candidates(
    card: Card, procedures: Iterable[Procedure], *, facts: Mapping[str, Fact], bests: BestsOf
) -> _Candidates:
    found = _Candidates()
    for procedure in procedures:
        scored = card.procedures[procedure.key]
        if scored.state == "not_applicable":
            continue
        fact = facts.get(scored.held.result) if scored.held else None
        values = (fact.values if fact else None) or NOTHING
        found.left += [
            Left(procedure.key, one.key, RELATIVE) for one in procedure.indicators if not steppable(one.rule)
        ]
        alternatives = [_ways(procedure, one, values.get(one.key)) for one in procedure.indicators]
        if sum((one.maximum for one in procedure.indicators), ZERO) <= procedure.maximum:
            found.items += [ways for ways in alternatives if ways]
        else:
            held = _sum(procedure, values, bests.get(procedure.key, NO_BESTS))
            _capped(procedure, alternatives, held, found=found)
    return found


def _procedures(group: str, methodology: Methodology) -> Iterator[Procedure]:
    for one in methodology.groups:
        if group in {OVERALL, one.key}:
            yield from one.procedures


def _ways(procedure: Procedure, indicator: Indicator, present: str | None) -> list[Way]:
    if not steppable(indicator.rule):
        return []
    steps = [Step(procedure, indicator, present, one) for one in raises(indicator.rule, present)]
    return [Way((step,), step.to.points - step.before) for step in steps]


def _sum(procedure: Procedure, values: Mapping[str, str | None], bests: Bests) -> Fraction:
    """The points of a procedure's indicators, also beyond its maximum."""
    known = [(one, text) for one in procedure.indicators if (text := values.get(one.key)) is not None]
    return sum((points_of(one.rule, text, bests.get(one.key)) for one, text in known), ZERO)


def _capped(
    procedure: Procedure,
    alternatives: Sequence[Sequence[Way]],
    held: Fraction,
    *,
    found: _Candidates,
) -> None:
    """One item of all that can be done in a procedure whose maximum is less than the sum of its indicators.

    Ways of as many steps and the same sum are one: the first in order. Too many different ones: the rest is left
    out, and the plan is not proven.
    """
    combined: dict[tuple[int, Fraction], tuple[Step, ...]] = {(0, ZERO): ()}
    for ways in alternatives:
        following: dict[tuple[int, Fraction], tuple[Step, ...]] = {}
        for way in ways:
            for (count, gain), steps in combined.items():
                following.setdefault((count + 1, gain + way.gain), (*steps, *way.steps))
        combined = {**combined, **{key: steps for key, steps in following.items() if key not in combined}}
        if len(combined) > MOST_WAYS:
            found.whole = False
            break
    best: dict[tuple[int, Fraction], Way] = {}
    for (count, gain), steps in combined.items():
        real = min(held + gain, procedure.maximum) - min(held, procedure.maximum)
        if real > 0:
            best.setdefault((count, real), Way(steps, real))
    if best:
        found.items.append(list(best.values()))
