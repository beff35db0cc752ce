"""A plan: the cheapest raises of a municipality's indicators that reach a goal, or the most that can be reached."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from math import ceil, lcm
from typing import Literal, NamedTuple

from services.scoring.domain.card import Card
from services.scoring.domain.facts import Fact
from services.scoring.domain.methodology import OVERALL, Indicator, Methodology, Procedure
from services.scoring.domain.next_level.cheapest import cheapest, fewest, most
from services.scoring.domain.next_level.goal import Goal
from services.scoring.domain.next_level.options import Option
from services.scoring.domain.next_level.part import Least, Part, Ways
from services.scoring.domain.next_level.raising import raises, steppable
from services.scoring.domain.next_level.steps import Step
from services.scoring.domain.points import NO_BESTS, Bests, points_of
from services.scoring.domain.reported import NO_LIMIT, NO_LIMITS, Limits, Reported, reported_for
from services.scoring.domain.rules import ZERO
from services.scoring.domain.scale import BestsOf
from services.scoring.domain.what_if import Supposed

Code = Literal["relative", "unreported"]
REASONS: Mapping[Code, str] = {
    "relative": "Баллы зависят от значений других муниципалитетов: шаг этого показателя нельзя посчитать отдельно.",
    "unreported": "Не передаётся по каталогу: у процедуры в нём нет этого показателя.",
}
NOTHING: Mapping[str, str | None] = {}
NO_SCALE: BestsOf = {}


class Left(NamedTuple):
    """An indicator that is no candidate, and why: others may gain by it all the same (`relative`), nobody can."""

    procedure: str
    indicator: str
    code: Code

    def view(self) -> dict[str, str]:
        """The indicator in the shape of the API."""
        return {**self._asdict(), "reason": REASONS[self.code]}


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


def plan(
    card: Card,
    group: str,
    goal: Goal,
    *,
    facts: Mapping[str, Fact],
    methodology: Methodology,
    bests: BestsOf = NO_SCALE,
    limits: Limits = NO_LIMITS,
) -> Plan:
    """The cheapest steps within a group (or `overall`) to a goal: fewest indicators, then fewest points, then order.

    `facts` are those in force by result id, `bests` the period's scale, `limits` what can be reported. Procedures that
    did not apply are no candidates, values that are missing are; all else stays as it is.
    """
    left: list[Left] = []
    parts = list(_parts(card, _procedures(group, methodology), facts=facts, bests=bests, limits=limits, left=left))
    points = card.scores[group].points
    # Who has no score at all needs a step even to a goal of no points.
    lacking = _Lacking(goal.points - (points or ZERO), 1 if points is None else 0)
    items, whole = [ways for part in parts for ways in part.roughly()], True
    least = lacking.least(items)
    if least is not None:
        precise = [part.precisely(least) for part in parts]
        items, whole = [ways for some, _ in precise for ways in some], all(known for _, known in precise)
    options, need = lacking.exactly(items)
    choice = cheapest(options, need)
    chosen = most(options) if choice is None else choice
    ways = [ways[one] for ways, one in zip(items, chosen.options, strict=True) if one is not None]
    return Plan(
        steps=tuple(chain(*(way.steps for way in ways))),
        gained=sum((way.gain for way in ways), ZERO),
        reached=choice is not None,
        proven=chosen.proven and whole,
        left=tuple(left),
    )


class _Lacking(NamedTuple):
    """The points that a score lacks, and how many units of the grain are needed at least."""

    points: Fraction
    units: int

    def exactly(self, items: Ways) -> tuple[list[list[Option]], int]:
        """What the ways gain, and what is needed, as whole numbers of one grain."""
        grain = _grain(items)
        options = [[Option(len(way.steps), int(way.gain * grain)) for way in ways] for ways in items]
        return options, max(ceil(self.points * grain), self.units)

    def least(self, items: Ways) -> Least | None:
        """How many indicators it takes, None where all together do not suffice."""
        options, need = self.exactly(items)
        found = fewest(options, need)
        return found and Least(found[0], Fraction(found[1], _grain(items)) - max(self.points, ZERO))


def _grain(items: Ways) -> int:
    return lcm(*(way.gain.denominator for way in chain(*items)))


def _parts(
    card: Card,
    procedures: Iterable[Procedure],
    *,
    facts: Mapping[str, Fact],
    bests: BestsOf,
    limits: Limits,
    left: list[Left],
) -> Iterator[Part]:
    for procedure in procedures:
        scored = card.procedures[procedure.key]
        if scored.state == "not_applicable":
            continue
        fact = facts.get(scored.held.result) if scored.held else None
        values = (fact.values if fact else None) or NOTHING
        known = limits.get(procedure.key, NO_LIMIT)
        left += _left(procedure, known)
        steps = [some for one in procedure.indicators if (some := _steps(procedure, one, values.get(one.key), known))]
        if sum((one.maximum for one in procedure.indicators), ZERO) <= procedure.maximum:
            yield Part(steps)
        else:
            held = _sum(procedure, values, bests.get(procedure.key, NO_BESTS))
            yield Part(steps, max(procedure.maximum - held, ZERO))


def _procedures(group: str, methodology: Methodology) -> Iterator[Procedure]:
    for one in methodology.groups:
        if group in {OVERALL, one.key}:
            yield from one.procedures


def _left(procedure: Procedure, limits: Mapping[str, Reported]) -> Iterator[Left]:
    """The indicators of a procedure that are no candidates."""
    for one in procedure.indicators:
        if not steppable(one.rule):
            yield Left(procedure.key, one.key, "relative")
        elif reported_for(one.key, limits) is None:
            yield Left(procedure.key, one.key, "unreported")


def _steps(
    procedure: Procedure, indicator: Indicator, present: str | None, limits: Mapping[str, Reported]
) -> list[Step]:
    """By ascending points."""
    reported = reported_for(indicator.key, limits)
    if not steppable(indicator.rule) or reported is None:
        return []
    found = raises(indicator.rule, present, reported)
    return [Step(procedure, indicator, present, one) for one in found]


def _sum(procedure: Procedure, values: Mapping[str, str | None], bests: Bests) -> Fraction:
    """The points of a procedure's indicators, also beyond its maximum."""
    known = [(one, text) for one in procedure.indicators if (text := values.get(one.key)) is not None]
    return sum((points_of(one.rule, text, bests.get(one.key)) for one, text in known), ZERO)
