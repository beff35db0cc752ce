"""What if: a card as it would be with other values of some indicators; nothing is stored or told."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from services.scoring.domain.card import Card, Held, ProcedureScore, State, group_scores
from services.scoring.domain.facts import Fact
from services.scoring.domain.methodology import Indicator, Methodology, Procedure
from services.scoring.domain.points import number, procedure_points
from services.scoring.domain.rules import Direct
from shared.kernel import FieldError, Refused, number_text

Texts = dict[str, str | None]
Supposed = dict[str, Texts]
_REMEDY = "Запишите число или строку с числом, дробная часть через точку; нет данных — null."


def read_supposed(given: Mapping[str, Mapping[str, Any]], methodology: Methodology) -> Supposed:
    """Values by procedure and indicator as texts; Refused (`invalid-what-if`) names every wrong place."""
    errors: list[FieldError] = []
    found: Supposed = {}
    if not any(given.values()):
        message = "Не названо ни одного значения."
        errors.append(FieldError("/values", "required", message, 'Вид: {"vpr": {"i1": 2}}.'))
    for key, values in given.items():
        procedure = methodology.procedures.get(key)
        if procedure is None:
            errors.append(_unknown_procedure(key, methodology))
        elif values:
            errors += _wrong(procedure, values)
            found[key] = {name: _text(value) for name, value in values.items()}
    if errors:
        detail = " ".join(f"{error.pointer}: {error.message}" for error in errors[:3])
        raise Refused("invalid-what-if", "Так посчитать нельзя", detail, errors=errors)
    return found


def suppose(card: Card, supposed: Supposed, *, facts: Mapping[str, Fact], methodology: Methodology) -> Card:
    """The card with these values in place of the present ones; indicators not named keep what they have.

    `facts` are those in force by result id. A procedure that did not apply counts as if it did. Relative points are
    those of a cohort of one: `measured_cards` measures them among the others.
    """
    changed = {
        key: _placed(card.procedures[key], values, procedure=methodology.procedures[key], facts=facts)
        for key, values in supposed.items()
    }
    procedures = {**card.procedures, **changed}
    return replace(card, procedures=procedures, scores=group_scores(methodology, procedures))


def _placed(
    scored: ProcedureScore, values: Texts, *, procedure: Procedure, facts: Mapping[str, Fact]
) -> ProcedureScore:
    held = scored.in_force or Held(result="", revision=0, recorded_at="", status="values")
    fact = facts.get(held.result)
    texts = {**((fact.values if fact else None) or {}), **values}
    points, missing = procedure_points(procedure, texts)
    known = held._replace(status="values", points=points, missing=missing, reason=None, act=None)
    if procedure.relative:
        known = known._replace(values=tuple([texts.get(key) for key in procedure.keys]))
    state: State = "no_data" if points is None else "scored"
    others = tuple([one for one in scored.others if one is not held])
    return scored._replace(state=state, held=known, others=others, reason=None, act=None, stated=None)


def _text(given: object) -> str | None:
    return f"{given:f}" if isinstance(given, Decimal) else None if given is None else str(given)


def _unknown_procedure(key: str, methodology: Methodology) -> FieldError:
    message = f"Процедуру «{key[:100]}» методика не оценивает."
    return FieldError(_pointer(key), "unknown-procedure", message, f"Есть: {', '.join(methodology.procedures)}.")


def _wrong(procedure: Procedure, values: Mapping[str, Any]) -> Iterator[FieldError]:
    indicators = {one.key: one for one in procedure.indicators}
    for name, given in values.items():
        pointer = _pointer(procedure.key, name)
        indicator = indicators.get(name)
        if indicator is None:
            remedy = f"Показатели процедуры: {', '.join(indicators)}."
            yield FieldError(pointer, "unknown-indicator", "Такого показателя у процедуры нет.", remedy)
        elif given is not None:
            yield from _wrong_value(indicator, given, pointer)


def _wrong_value(indicator: Indicator, given: object, pointer: str) -> Iterator[FieldError]:
    """A value is a number from 0 up, and where it is the points themselves, up to the indicator's maximum."""
    try:
        value = number("" if isinstance(given, bool) else _text(given) or "")
    except Refused:
        yield FieldError(pointer, "not-a-number", "Значение показателя — не число.", _REMEDY)
        return
    top = indicator.maximum if isinstance(indicator.rule, Direct) else None
    if value < 0 or (top is not None and value > top):
        yield FieldError(pointer, "out-of-range", f"Значение {_text(given)} вне пределов показателя.", _bounds(top))


def _bounds(top: Fraction | None) -> str:
    shown = "Нужно число не меньше 0" if top is None else f"Нужно от 0 до {number_text(top)}"
    return f"{shown}; нет данных — null."


def _pointer(*names: str) -> str:
    return "/values/" + "/".join(name[:100].replace("~", "~0").replace("/", "~1") for name in names)
