"""A place of a document under reading: takes values out, notes each wrong one with pointer, line, remedy."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from services.scoring.domain.yaml_text import step
from shared.kernel import FieldError

MAX_ITEMS = 1_000
# Maxima had no bound once, and no key of a table was reserved; an edition that was stored then is still read
# (`stored_methodology`).
UNBOUNDED_ONCE, RESERVED_SINCE = "too-large", "reserved-key"
_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,12})?(/[1-9][0-9]{0,17})?", re.ASCII)
_KEY = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}", re.ASCII)


class Place:
    """One value of a document and where it stands; errors of all places of a document go to one list."""

    __slots__ = ("_errors", "_lines", "pointer", "value")

    def __init__(self, value: Any, pointer: str, lines: Mapping[str, int], errors: list[FieldError]) -> None:
        self.value = value
        self.pointer = pointer
        self._lines = lines
        self._errors = errors

    def wrong(self, code: str, message: str, remedy: str) -> None:
        """Note that this place is wrong; the line is named where the document has lines."""
        line = self._lines.get(self.pointer)
        where = f"строка {line}: " if line else ""
        self._errors.append(FieldError(self.pointer, code, where + message, remedy))

    @property
    def empty(self) -> bool:
        """Nothing stands here."""
        return self.value is None

    def at(self, key: str | int) -> "Place":
        """The place one step deeper; an empty one where there is no such step."""
        value = self.value
        if isinstance(value, Mapping) and isinstance(key, str):
            deeper = value.get(key)
        else:
            deeper = value[key] if isinstance(key, int) else None
        return Place(deeper, step(self.pointer, key), self._lines, self._errors)

    def fields(self, *known: str) -> bool:
        """Whether this is a mapping; unknown fields are noted."""
        if not isinstance(self.value, Mapping):
            self.wrong("not-a-mapping", "здесь нужны поля", f"Опишите поля: {', '.join(known)}")
            return False
        for key in self.value:
            if key not in known:
                remedy = f"Известны: {', '.join(known)}"
                self.at(str(key)).wrong("unknown-field", f"поле «{key}» неизвестно", remedy)
        return True

    def items(self) -> list["Place"]:
        """The places of a non-empty list of at most 1,000 items; nothing where it is none."""
        value = self.value
        if not isinstance(value, Sequence) or isinstance(value, str) or not value:
            self.wrong("not-a-list", "здесь нужен непустой список", "Перечислите значения")
            return []
        if len(value) > MAX_ITEMS:
            self.wrong("too-many-items", f"значений {len(value)}, допустимо {MAX_ITEMS}", "Сократите список")
            return []
        return [self.at(index) for index in range(len(value))]

    def text(self) -> str:
        """A non-empty text of at most 2,000 characters."""
        value = self.value
        if not isinstance(value, str) or not value.strip() or len(value) > 2 * MAX_ITEMS:
            self.wrong("not-a-text", "здесь нужен непустой текст", "Напишите текст, при нужде в кавычках")
            return ""
        return value

    def key(self) -> str:
        """A key: small latin letters, digits, `_`, `-`, `.`."""
        value = self.value
        if not isinstance(value, str) or not _KEY.fullmatch(value):
            remedy = "Маленькие латинские буквы, цифры, _ - ."
            self.wrong("not-a-key", "здесь нужен ключ", remedy)
            return ""
        return value

    def number(self) -> Fraction | None:
        """An exact number: an integer, a decimal, or a decimal or fraction in a text."""
        value = self.value
        numeric = isinstance(value, int | Decimal | str) and not isinstance(value, bool)
        told = f"{value:f}" if isinstance(value, Decimal) else str(value)
        if not numeric or not _NUMBER.fullmatch(told):
            self.wrong("not-a-number", "здесь нужно число", "Напишите десятичное число, например 1.5")
            return None
        number, _, divisor = told.partition("/")
        return Fraction(number) / int(divisor or 1)

    def positive(self) -> Fraction | None:
        """A number above zero."""
        number = self.number()
        if number is not None and number <= 0:
            self.wrong("not-positive", "число должно быть больше нуля", "Укажите положительное число")
            return None
        return number

    def maximum(self, last: int) -> Fraction | None:
        """A number above zero, at most `last`; one above that is noted and taken all the same (`UNBOUNDED_ONCE`)."""
        number = self.positive()
        if number is not None and number > last:
            self.wrong(UNBOUNDED_ONCE, f"{self.value} больше {last}", f"Укажите число не больше {last}")
        return number

    def whole(self, last: int) -> int | None:
        """An integer from 0 to `last`."""
        value = self.value
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= last:
            self.wrong("not-an-integer", f"здесь нужно целое от 0 до {last}", "Укажите целое число")
            return None
        return value

    def flag(self) -> bool:
        """True or false; false where nothing stands."""
        if self.value is not None and not isinstance(self.value, bool):
            self.wrong("not-a-flag", "здесь нужно true или false", "Напишите true или false")
        return self.value is True
