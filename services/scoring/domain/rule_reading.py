"""Rules read from a document: which kind, its own parameters, and what is wrong with them."""

from collections.abc import Callable
from fractions import Fraction
from typing import get_args

from services.scoring.domain.place import Place
from services.scoring.domain.rules import ZERO, Better, Direct, Kind, Linear, Relative, Rule, Steps, within

KINDS: tuple[Kind, ...] = get_args(Kind)


def read_rule(place: Place, maximum: Fraction) -> Rule | None:
    """The rule that stands at a place, for an indicator of this maximum; what is wrong is noted there."""
    if place.empty:
        place.wrong("rule-missing", "у показателя нет правила", f"Добавьте rule с kind: {', '.join(KINDS)}")
        return None
    if not place.fields("kind", "from", "to", "below", "steps", "better"):
        return None
    kind = place.at("kind")
    reader = _READERS.get(kind.value) if isinstance(kind.value, str) else None
    if reader is None:
        kind.wrong("unknown-rule", f"правило «{kind.value}» неизвестно", f"Известны: {', '.join(KINDS)}")
        return None
    return reader(place, maximum)


def _direct(place: Place, maximum: Fraction) -> Rule | None:
    return Direct(maximum) if place.fields("kind") else None


def _linear(place: Place, maximum: Fraction) -> Rule | None:
    place.fields("kind", "from", "to")
    start, end = place.at("from").number(), place.at("to").number()
    if start is None or end is None:
        return None
    if start == end:
        place.at("to").wrong("empty-range", "from и to равны", "Укажите разные числа")
        return None
    return Linear(maximum, start, end)


def _steps(place: Place, maximum: Fraction) -> Rule | None:
    place.fields("kind", "below", "steps")
    below = ZERO if place.at("below").empty else _points(place.at("below"), maximum)
    steps: list[tuple[Fraction, Fraction]] = []
    listed = place.at("steps").items()
    for item in listed:
        pair = item.items()
        if len(pair) != 2:  # noqa: PLR2004 - threshold and points
            item.wrong("not-a-step", "ступень — это [порог, баллы]", "Напишите два числа")
            continue
        threshold, points = pair[0].number(), _points(pair[1], maximum)
        if threshold is None or points is None:
            continue
        if steps and threshold <= steps[-1][0]:
            pair[0].wrong("overlap", "порог не больше предыдущего", "Расположите пороги по возрастанию")
        steps.append((threshold, points))
    if below is None or not steps or len(steps) != len(listed):
        return None
    return Steps(maximum, tuple(steps), below)


def _points(place: Place, maximum: Fraction) -> Fraction | None:
    points = place.number()
    if points is not None and points != within(points, maximum):
        place.wrong("out-of-range", f"баллы вне 0..{maximum}", "Исправьте баллы или максимум показателя")
        return None
    return points


def _relative(place: Place, maximum: Fraction) -> Rule | None:
    place.fields("kind", "better")
    better = place.at("better")
    found = _BETTER.get(better.value) if better.value is None or isinstance(better.value, str) else None
    if found is None:
        better.wrong("unknown-direction", f"«{better.value}» — не направление", f"Известны: {', '.join(SIDES)}")
        return None
    return Relative(maximum, found)


SIDES: tuple[Better, ...] = ("higher", "lower")
_BETTER: dict[str | None, Better] = {None: "higher", **{side: side for side in SIDES}}
_READERS: dict[str, Callable[[Place, Fraction], Rule | None]] = {
    "direct": _direct,
    "linear": _linear,
    "steps": _steps,
    "relative": _relative,
}
