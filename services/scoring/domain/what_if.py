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
from services.scoring.domain.reported import NO_LIMIT, NO_LIMITS, WHOLE, Limits, Reported, reported_for
from services.scoring.domain.rules import Direct
from shared.kernel import FieldError, Refused, number_text

Texts = dict[str, str | None]
Supposed = dict[str, Texts]
Values = Mapping[str, Mapping[str, str | None]]
NOTHING: Values = {}
_REMEDY = "Запишите число или строку с числом, дробная часть через точку; нет данных — null."


def read_supposed(
    given: Mapping[str, Mapping[str, Any]],
    methodology: Methodology,
    *,
    limits: Limits = NO_LIMITS,
    held: Values = NOTHING,
) -> Supposed:
    """Values by procedure and indicator as texts; Refused (`invalid-what-if`) names every wrong place.

    Only what can be reported (`limits`) may be supposed, and what is `held` already.
    """
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
            errors += _wrong(procedure, values, limits.get(key, NO_LIMIT), held.get(key, {}))
            found[key] = {name: _text(value) for name, value in values.items()}
    if errors:
        detail = " ".join(f"{error.pointer}: {error.message}" for error in errors[:3])
        raise Refused("invalid-what-if", "Так посчитать нельзя", detail, errors=errors)
    return found


def held_values(card: Card, facts: Mapping[str, Fact]) -> Values:
    """The values of the results in force, by procedure."""
    return {key: _held(scored.in_force, facts) for key, scored in card.procedures.items()}


def _held(held: Held | None, facts: Mapping[str, Fact]) -> Mapping[str, str | None]:
    fact = facts.get(held.result) if held else None
    return (fact.values if fact else None) or {}


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
    texts = {**_held(held, facts), **values}
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


def _wrong(
    procedure: Procedure, values: Mapping[str, Any], limits: Mapping[str, Reported], held: Mapping[str, str | None]
) -> Iterator[FieldError]:
    indicators = {one.key: one for one in procedure.indicators}
    for name, given in values.items():
        pointer = _pointer(procedure.key, name)
        indicator = indicators.get(name)
        if indicator is None:
            remedy = f"Показатели процедуры: {', '.join(indicators)}."
            yield FieldError(pointer, "unknown-indicator", "Такого показателя у процедуры нет.", remedy)
        elif given is not None:
            value = _number(given)
            if value is None:
                yield FieldError(pointer, "not-a-number", "Значение показателя — не число.", _REMEDY)
            elif value != _number(held.get(name)):
                yield from _unreportable(value, indicator, reported_for(name, limits), pointer)


def _number(given: object) -> Fraction | None:
    try:
        return number("" if isinstance(given, bool) else _text(given) or "")
    except Refused:
        return None


def _unreportable(
    value: Fraction, indicator: Indicator, reported: Reported | None, pointer: str
) -> Iterator[FieldError]:
    """What monitoring would refuse; where the catalogue tells no maximum, points themselves have the indicator's."""
    if reported is None:
        message = "По каталогу у процедуры нет этого показателя: его значение не передать."
        yield FieldError(pointer, "unknown-indicator", message, "Уберите его.")
        return
    top = indicator.maximum if reported.highest is None and isinstance(indicator.rule, Direct) else reported.highest
    if value < 0 or (top is not None and value > top):
        message = f"Значение {number_text(value)} вне пределов показателя."
        yield FieldError(pointer, "out-of-range", message, _bounds(top))
    elif value % reported.unit and reported.unit == WHOLE:
        remedy = "Здесь нужно целое число; нет данных — null."
        yield FieldError(pointer, "not-whole", f"Значение {number_text(value)} — не целое.", remedy)
    elif value % reported.unit:
        message = "У значения больше 4 знаков после запятой."
        yield FieldError(pointer, "too-many-decimals", message, "Округлите до 4 знаков.")


def _bounds(top: Fraction | None) -> str:
    shown = "Нужно число не меньше 0" if top is None else f"Нужно от 0 до {number_text(top)}"
    return f"{shown}; нет данных — null."


def _pointer(*names: str) -> str:
    return "/values/" + "/".join(name[:100].replace("~", "~0").replace("/", "~1") for name in names)
