"""What a new description of a procedure may not do to the indicators of which its results hold values."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from services.monitoring.events import Indicator
from shared.kernel import FieldError

# The place in the description and what is wrong there.
Wrong = tuple[str, str]
REMEDY = (
    "Оставьте показатель, как он описан, а новое опишите под новым ключом показателя или процедуры; "
    "внесённое по ошибке сначала отзовите."
)


def misread(before: Sequence[Indicator], after: Sequence[Indicator]) -> dict[str, Wrong]:
    """Where and what is wrong, by key, for indicators whose values would be lost, misunderstood or taken no more.

    Names, order, higher bounds and, where something else than points is reported, what it is worth may change.
    """
    places = {one.key: (number, one) for number, one in enumerate(after)}
    found: dict[str, Wrong] = {}
    for one in before:
        number, other = places.get(one.key, (None, None))
        if other is None:
            found[one.key] = ("/indicators", f"Показатель {one.key} убран")
        elif _unit(other) != _unit(one):
            told = f"У показателя {one.key} другая единица ({_unit(other)}, было {_unit(one)})"
            found[one.key] = (f"/indicators/{number}", told)
        elif Decimal(other.highest) < Decimal(one.highest):
            place = "maximum" if other.values is None else "values/maximum"
            told = f"У показателя {one.key} наибольшее значение меньше ({other.highest}, было {one.highest})"
            found[one.key] = (f"/indicators/{number}/{place}", told)
    return found


def in_use(wrong: Mapping[str, Wrong], held: Mapping[str, str]) -> list[FieldError]:
    """The errors of those that matter: `held` names a result for each indicator of which one has a value."""
    return [
        FieldError(pointer, "indicator-in-use", f"{message}, а значения есть, например: {held[key]}.", REMEDY)
        for key, (pointer, message) in wrong.items()
        if key in held
    ]


def _unit(indicator: Indicator) -> str:
    """In which unit values are reported."""
    return "points" if indicator.values is None else indicator.values.unit
