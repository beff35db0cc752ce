"""A result as a form: what a person typed, what is sent for it, and refusals in words about the form."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from services.portal.clients import Problem, WrongField
from services.portal.show.numbers import commas, number

PREFIX = "value-"
APPLIED, EXEMPT = "values", "not_applicable"
MIDNIGHT = "T00:00:00+05:00"
# What the fields beside the values are called.
LABELS = {
    "procedure": "Процедура",
    "municipality": "Муниципалитет",
    "period": "Период",
    "reason": "Почему",
    "act": "Документ",
    "day": "Когда получен результат",
    "comment": "Примечание",
    "why": "Причина",
}
_BLANKS = re.compile(r"\s+")
# What the services tell to programs, in the words of the form; the rest is worded for people already.
REMEDIES = {
    "not-a-number": "Введите число, например 1,5; если данных нет, оставьте поле пустым.",
    "too-many-decimals": "Оставьте не больше четырёх знаков после запятой.",
    "not-whole": "Введите целое число; если данных нет, оставьте поле пустым.",
    "too-short": "Заполните поле.",
    "unknown-period": "Введите год (2022) или учебный год (2021-2022).",
    "occurred-in-future": "Проверьте дату.",
}
MESSAGES = {
    "/reason": "Не названа причина.",
    "/not_applicable/reason": "Не сказано, почему процедура не применялась.",
    "/not_applicable/act": "Не назван документ, по которому процедура не применялась.",
    "/period": "Не назван период.",
    "/subject/municipality": "Не выбран муниципалитет.",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What was typed: the values by indicator, or why the procedure did not apply, and what stands beside."""

    values: Mapping[str, str] = field(default_factory=dict)
    kind: str = APPLIED
    reason: str = ""
    act: str = ""
    comment: str = ""
    day: str = ""
    why: str = ""

    @property
    def exempt(self) -> bool:
        """Whether the procedure did not apply."""
        return self.kind == EXEMPT


def read_entry(form: Mapping[str, Any]) -> Entry:
    """The entry in the fields of a form."""

    def told(name: str) -> str:
        given = form.get(name)
        return given.strip() if isinstance(given, str) else ""

    values = {name.removeprefix(PREFIX): told(name) for name in form if name.startswith(PREFIX)}
    kind = EXEMPT if told("kind") == EXEMPT else APPLIED
    named = {name: told(name) for name in ("reason", "act", "comment", "day", "why")}
    return Entry(values, kind, **named)


def entry_of(result: Mapping[str, Any]) -> Entry:
    """The form filled with what a result says now."""
    exempt = result.get(EXEMPT) or {}
    values = {key: shown(value) for key, value in (result.get("values") or {}).items()}
    return Entry(
        values,
        EXEMPT if exempt else APPLIED,
        reason=exempt.get("reason", ""),
        act=exempt.get("act", ""),
        comment=result.get("comment") or "",
    )


def shown(value: str | None) -> str:
    """A value as it stands in a field; empty where there is none."""
    return "" if value is None else number(value)


def typed(text: str) -> str | None:
    """A number as people type it (1,5; 1 234) for the services; None where the field is empty."""
    return _BLANKS.sub("", text).replace(",", ".").replace("−", "-") or None


def content(entry: Entry, indicators: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The part of a body that says the result itself."""
    if entry.exempt:
        return {EXEMPT: {"reason": entry.reason, "act": entry.act}}
    return {"values": {one["key"]: typed(entry.values.get(one["key"], "")) for one in indicators}}


def aside(entry: Entry) -> dict[str, Any]:
    """Comment and day, where they were given."""
    told = {"comment": entry.comment, "occurred_at": f"{entry.day}{MIDNIGHT}" if entry.day else ""}
    return {name: text for name, text in told.items() if text}


def places(indicators: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The field of the form for each pointer of a refusal, in the order of the form."""
    values = {f"/values/{one['key']}": f"{PREFIX}{one['key']}" for one in indicators}
    exempt = {f"/{EXEMPT}": "reason", f"/{EXEMPT}/reason": "reason", f"/{EXEMPT}/act": "act"}
    others = {"/reason": "why", "/occurred_at": "day", "/comment": "comment"}
    subject = dict.fromkeys(("/subject", "/subject/municipality", "/subject/organization"), "municipality")
    return {"/procedure": "procedure", **subject, "/period": "period", **values, **exempt, **others}


def for_people(problem: Problem, indicators: Sequence[Mapping[str, Any]]) -> Problem:
    """The refusal with each wrong place called as the form calls it; its own detail only where no place is named."""
    named = {one["key"]: one for one in indicators}
    order = list(places(indicators))
    told = sorted(problem.errors, key=lambda one: order.index(one.pointer) if one.pointer in order else len(order))
    errors = tuple(_reworded(one, named.get(one.pointer.rpartition("/")[2])) for one in told)
    return replace(
        problem, errors=errors, detail="Исправьте отмеченное и отправьте снова." if errors else problem.detail
    )


def _reworded(error: WrongField, indicator: Mapping[str, Any] | None) -> WrongField:
    remedy = REMEDIES.get(error.code, error.remedy)
    message = MESSAGES.get(error.pointer, error.message) if error.code in {"too-short", "required"} else error.message
    if indicator is None or not error.pointer.startswith("/values/"):
        return replace(error, message=message, remedy=remedy)
    if error.code == "out-of-range" and indicator["maximum"] is not None:
        remedy = f"Введите число от 0 до {number(highest(indicator))}; если данных нет, оставьте поле пустым."
    return replace(error, message=f"{indicator['name']}: {_lowered(commas(error.message))}", remedy=remedy)


def highest(indicator: Mapping[str, Any]) -> str:
    """The greatest value that may be reported: the points, unless something else is reported; empty if unknown."""
    return str((indicator.get("values") or indicator)["maximum"] or "")


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def messages(
    problem: Problem | None, fields: Mapping[str, str], indicators: Sequence[Mapping[str, Any]]
) -> dict[str, str]:
    """What stands at each field: the first error that belongs there, without the field's own name."""
    found: dict[str, str] = {}
    names = {f"{PREFIX}{one['key']}": f"{one['name']}: " for one in indicators}
    for error in problem.errors if problem else ():
        place = fields.get(error.pointer)
        if place is not None:
            told = error.message.removeprefix(names.get(place, ""))
            found.setdefault(place, f"{told[:1].upper()}{told[1:]} {error.remedy}".strip())
    return found
