"""The scale of a league: the best value of every relative indicator, and the cards measured by it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from services.scoring.domain.card import ProcedureScore
from services.scoring.domain.league import League
from services.scoring.domain.methodology import Methodology, Procedure
from services.scoring.domain.placing import measured
from services.scoring.domain.points import NO_BESTS, Bests, number
from services.scoring.domain.rules import Relative
from shared.kernel import number_text

Placed = Mapping[str, ProcedureScore]
Cohort = Mapping[str, Placed]
BestsOf = Mapping[str, Bests]


@dataclass(frozen=True, slots=True)
class Scale:
    """The bests of a league by procedure and indicator.

    `number` counts the moves that were told; `version` grows with every result that has a part in it, so that of two
    decisions made from the same scale one is made again.
    """

    league: League
    methodology: str
    number: int = 0
    version: int = 0
    bests: BestsOf = field(default_factory=dict)

    def of(self, procedure: str) -> Bests:
        """The bests of one procedure by indicator."""
        return self.bests.get(procedure, NO_BESTS)

    def moved(self, bests: BestsOf, *, told: bool) -> "Scale":
        """The scale after a decision."""
        return replace(self, number=self.number + told, version=self.version + 1, bests=bests)


def values_of(cohort: Cohort, procedure: Procedure, indicator: str) -> Iterator[tuple[str, Fraction]]:
    """Whoever the procedure applies to and has a value of the indicator: municipality and value."""
    place = procedure.keys.index(indicator)
    for municipality, placed in cohort.items():
        score = placed[procedure.key]
        if score.state == "scored" and score.held is not None:
            text = score.held.values[place]
            if text is not None:
                yield municipality, number(text)


def bests_of(methodology: Methodology, cohort: Cohort, procedures: Iterable[str] | None = None) -> BestsOf:
    """The best values of a cohort, for every relative procedure or for these; what nobody has a value of is absent."""
    found: dict[str, Bests] = {}
    for key in methodology.relative if procedures is None else procedures:
        procedure = methodology.relative[key]
        bests = {
            indicator: best
            for indicator, rule in procedure.relative.items()
            if (best := rule.best(value for _, value in values_of(cohort, procedure, indicator))) is not None
        }
        if bests:
            found[key] = bests
    return found


def remeasured(methodology: Methodology, placed: Placed, *, bests: BestsOf, procedures: Iterable[str]) -> Placed:
    """The procedures of a card measured by other bests; the very same mapping where no points change."""
    changed = {}
    for key in procedures:
        score = placed[key]
        if score.state == "scored" and score.held is not None:
            held = measured(score.held, methodology.relative[key], bests.get(key, NO_BESTS))
            if held.points != score.held.points:
                changed[key] = score._replace(held=held)
    return {**placed, **changed} if changed else placed


@dataclass(frozen=True, slots=True)
class Best:
    """A best value and whose it is."""

    value: Fraction
    municipalities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BestMoved:
    """The best of one relative indicator before and after a decision; None where nobody had, or has, a value."""

    procedure: str
    indicator: str
    rule: Relative
    before: Best | None
    after: Best | None


def moves_between(
    methodology: Methodology, old: tuple[BestsOf, Cohort], new: tuple[BestsOf, Cohort]
) -> list[BestMoved]:
    """Every best that there was and that is another one now, in the edition's order."""
    return [
        BestMoved(key, indicator, rule, _whose(old, procedure, indicator), _whose(new, procedure, indicator))
        for key, procedure in methodology.relative.items()
        for indicator, rule in procedure.relative.items()
        if (before := old[0].get(key, NO_BESTS).get(indicator)) is not None
        and before != new[0].get(key, NO_BESTS).get(indicator)
    ]


def _whose(side: tuple[BestsOf, Cohort], procedure: Procedure, indicator: str) -> Best | None:
    best = side[0].get(procedure.key, NO_BESTS).get(indicator)
    if best is None:
        return None
    held = [one for one, value in values_of(side[1], procedure, indicator) if value == best]
    return Best(best, tuple(sorted(held)))


def best_text(best: Best | None) -> str | None:
    """The value for people and events."""
    return None if best is None else number_text(best.value)
