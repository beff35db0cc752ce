"""Indicator values as they are given: exact numbers with at most four decimals, kept as decimal strings."""

import re
from decimal import Decimal
from functools import lru_cache

from shared.kernel import FieldError

DECIMALS = 4
# Digits before and after the point. A fraction that was computed as a float has sixteen and more, and what is left of a
# difference may begin with as many zeros: numbers, though such as are to be rounded.
LONGEST, FINEST = 15, 40
_NUMBER = re.compile(rf"-?\d{{1,{LONGEST}}}(\.\d{{1,{FINEST}}})?", re.ASCII)
_REMEDY = "Запишите число или строку с числом, дробная часть через точку; нет данных — null."


@lru_cache(maxsize=4096)
def _read(text: str) -> str | None:
    """The shortest decimal string of a number, None where it has more than four decimals."""
    whole, _, rest = text.partition(".")
    decimals = rest.rstrip("0")
    if len(decimals) > DECIMALS:
        return None
    shown = f"{Decimal(f'{whole}.{decimals or 0}').normalize():f}"
    return "0" if shown == "-0" else shown


def _as_text(given: object) -> str | None:
    if isinstance(given, bool):
        return None
    if isinstance(given, int):
        return str(given) if abs(given) < 10**LONGEST else None
    if isinstance(given, Decimal):
        return f"{given:f}" if given.is_finite() and -FINEST <= given.adjusted() <= LONGEST else None
    return given if isinstance(given, str) else None


def read_value(given: object, pointer: str) -> str | FieldError | None:
    """A value as a normal decimal string, None for no data, or what is wrong with it."""
    if given is None:
        return None
    text = _as_text(given)
    if text is None or not _NUMBER.fullmatch(text):
        return FieldError(pointer, "not-a-number", "Значение показателя — не число.", _REMEDY)
    found = _read(text)
    if found is None:
        message = f"У значения больше {DECIMALS} знаков после запятой."
        return FieldError(pointer, "too-many-decimals", message, f"Округлите до {DECIMALS} знаков.")
    return found


@lru_cache(maxsize=8192)
def within(text: str, maximum: str) -> bool:
    """Whether a value lies between 0 and the maximum."""
    return Decimal(0) <= Decimal(text) <= Decimal(maximum)
