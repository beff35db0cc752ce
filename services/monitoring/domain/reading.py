"""Reads fields of a JSON body one by one, collecting every error with its pointer instead of stopping at the first."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from services.monitoring.events import NotApplicable
from shared.kernel import FieldError
from shared.texts import blank, sign_at, unreadable

REASON, ACT, COMMENT, NAME = 2000, 500, 2000, 100
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)?", re.ASCII)
_EXAMPLE = "Вид: 2022-11-01T09:00:00+05:00."


def escaped(segment: str) -> str:
    """A key as a segment of a JSON pointer (RFC 6901)."""
    return segment[:NAME].replace("~", "~0").replace("/", "~1")


def _wrong_text(given: str, longest: int) -> tuple[str, str, str] | None:
    if (at := unreadable(given)) is not None:
        sign, where = sign_at(given, at)
        return "unreadable-text", "В тексте есть непечатаемый знак.", f"Уберите знак {sign}: {where}."
    if blank(given):
        return "too-short", "Строка пуста.", "Впишите значение."
    if len(given) > longest:
        return "too-long", "Слишком длинная строка.", f"Не больше {longest} знаков."
    return None


@dataclass(slots=True)
class Fields:
    """The fields of one object; `errors` grows with what is wrong."""

    raw: Mapping[str, Any]
    pointer: str = ""
    errors: list[FieldError] = field(default_factory=list)

    def wrong(self, name: str, code: str, message: str, remedy: str = "") -> None:
        """Note an error at a field."""
        self.errors.append(FieldError(f"{self.pointer}/{escaped(name)}", code, message, remedy))

    def only(self, known: Collection[str]) -> None:
        """Refuse every field beside the known ones: nothing unasked, such as personal data, is ever taken in."""
        for name in self.raw:
            if name not in known:
                self.wrong(name, "unknown-field", "Такого поля нет.", f"Уберите поле. Известны: {', '.join(known)}.")

    def text(self, name: str, longest: int, *, required: bool = True) -> str | None:
        """A string of which something is to be seen, without characters that nothing shows."""
        given = self.raw.get(name)
        if given is None:
            if required:
                self.wrong(name, "required", "Обязательное поле не указано.", "Добавьте поле.")
            return None
        if not isinstance(given, str):
            self.wrong(name, "not-a-string", "Нужна строка.", "Запишите значение в кавычках.")
            return None
        if wrong := _wrong_text(given, longest):
            self.wrong(name, *wrong)
            return None
        return given

    def flag(self, name: str, *, default: bool) -> bool:
        """A boolean; null is the default."""
        given = self.raw.get(name)
        if given is None:
            return default
        if not isinstance(given, bool):
            self.wrong(name, "not-a-boolean", "Нужно true или false.", "Запишите true или false без кавычек.")
            return default
        return given

    def part(self, name: str) -> "Fields | None":
        """An object inside, None where it is absent or no object; its errors are ours."""
        given = self.raw.get(name)
        if given is None:
            return None
        if not isinstance(given, Mapping):
            self.wrong(name, "not-an-object", "Нужен объект.", "Запишите поля в фигурных скобках.")
            return None
        return Fields(given, f"{self.pointer}/{escaped(name)}", self.errors)

    def time(self, name: str) -> datetime | None:
        """An aware time in UTC, to the millisecond that the store keeps; None where it is absent."""
        given = self.raw.get(name)
        if given is None:
            return None
        if not isinstance(given, str) or not (found := _TIME.fullmatch(given)):
            self.wrong(name, "not-a-time", "Это не время.", _EXAMPLE)
            return None
        if found[2] is None:
            self.wrong(name, "no-time-zone", "У времени нет часового пояса.", _EXAMPLE)
            return None
        try:
            read = datetime.fromisoformat(given.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            self.wrong(name, "not-a-time", "Такого времени не бывает.", _EXAMPLE)
            return None
        return read.replace(microsecond=read.microsecond // 1000 * 1000)

    def not_applicable(self) -> NotApplicable | None:
        """Why the procedure did not apply, with the act."""
        found = self.part("not_applicable")
        if found is None:
            return None
        found.only(("reason", "act"))
        reason, act = found.text("reason", REASON), found.text("act", ACT)
        return NotApplicable(reason=reason, act=act) if reason and act else None
