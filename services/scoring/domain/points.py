"""Value text to points: exact, memoised, null stays apart from zero."""

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

from services.scoring.domain.methodology import Procedure
from services.scoring.domain.rules import ZERO, Absolute, Relative, Rule
from shared.kernel import Refused

Bests = Mapping[str, Fraction]
NO_BESTS: Bests = {}
REMEMBERED = 4_096
_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,40})?", re.ASCII)


@lru_cache(maxsize=65_536)
def number(text: str) -> Fraction:
    """The exact number behind a decimal string; refused (`value-not-a-number`) when it is none."""
    if not _NUMBER.fullmatch(text):
        shown = text[:40]
        raise Refused("value-not-a-number", "Значение показателя не число", f"«{shown}» не десятичное число")
    return Fraction(text)


@lru_cache(maxsize=65_536)
def absolute_points(rule: Absolute, text: str) -> Fraction:
    """The points that a rule gives for a value text by itself, within 0..maximum of the indicator."""
    return rule.points(number(text))


def points_of(rule: Rule, text: str, best: Fraction | None = None) -> Fraction:
    """The same for every rule: `relative` takes the best of the cohort, which is the value itself where it is alone."""
    if isinstance(rule, Relative):
        value = number(text)
        return rule.points(value, value if best is None else best)
    return absolute_points(rule, text)


def procedure_points(
    procedure: Procedure, values: Mapping[str, str | None], bests: Bests = NO_BESTS
) -> tuple[Fraction | None, tuple[str, ...]]:
    """Points of one result and the indicators that have no value; no points at all (None) where none has one.

    An indicator unknown to the methodology gives nothing; the sum never exceeds the procedure's maximum. `bests` are
    those of the procedure's relative indicators.
    """
    texts = tuple([values.get(key) for key in procedure.keys])
    if procedure.relative:
        return _sum_up(procedure, texts, bests)
    known = procedure.summed_up.get(texts)
    if known is None:
        if len(procedure.summed_up) >= REMEMBERED:
            procedure.summed_up.clear()
        known = procedure.summed_up[texts] = _sum_up(procedure, texts)
    return known


def _sum_up(
    procedure: Procedure, texts: tuple[str | None, ...], bests: Bests = NO_BESTS
) -> tuple[Fraction | None, tuple[str, ...]]:
    points, missing = ZERO, []
    for indicator, text in zip(procedure.indicators, texts, strict=True):
        if text is None:
            missing.append(indicator.key)
        else:
            points += points_of(indicator.rule, text, bests.get(indicator.key))
    if len(missing) == len(procedure.indicators):
        return None, tuple(missing)
    return min(points, procedure.maximum), tuple(missing)
