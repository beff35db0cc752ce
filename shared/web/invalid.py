"""What the validator found, in the user's words: JSON pointer, stable code, Russian message, remedy."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from shared.kernel import plural

LISTED, MORE = 100, "more-errors"

_PLACES = {"query": "query", "path": "path", "header": "header", "cookie": "cookie"}

# type of pydantic -> (code, message, remedy); {…} are the validator's own figures.
_WORDS: Mapping[str, tuple[str, str, str]] = {
    "missing": ("required", "Обязательное поле не указано.", "Добавьте поле."),
    "extra_forbidden": ("unknown-field", "Такого поля нет.", "Уберите поле или проверьте его имя."),
    "unknown_parameter": ("unknown-field", "Такого параметра нет.", "{remedy}"),
    "repeated_parameter": ("repeated-field", "Параметр назван несколько раз.", "Оставьте одно значение."),
    "string_type": ("not-a-string", "Нужна строка.", "Запишите значение в кавычках."),
    "string_too_short": ("too-short", "Слишком короткая строка.", "Нужно не меньше {min_length}."),
    "string_too_long": ("too-long", "Слишком длинная строка.", "Нужно не больше {max_length}."),
    "string_pattern_mismatch": ("wrong-format", "Строка не того вида.", "{pattern}"),
    "unreadable_text": ("unreadable-text", "В тексте есть непечатаемый знак.", "Уберите знак {sign}: {where}."),
    "int_type": ("not-an-integer", "Нужно целое число.", "Запишите число без кавычек и дробной части."),
    "int_parsing": ("not-an-integer", "Нужно целое число.", "Запишите целое число."),
    "int_from_float": ("not-an-integer", "Нужно целое число.", "Уберите дробную часть."),
    "decimal_type": ("not-a-number", "Нужно число.", "Запишите число или строку с числом."),
    "decimal_parsing": ("not-a-number", "Нужно число.", "Запишите число, дробная часть через точку."),
    "finite_number": ("not-a-number", "Нужно конечное число.", "Запишите число или null."),
    "bool_type": ("not-a-boolean", "Нужно true или false.", "Запишите true или false без кавычек."),
    "bool_parsing": ("not-a-boolean", "Нужно true или false.", "Запишите true или false."),
    "list_type": ("not-a-list", "Нужен список.", "Запишите значения в квадратных скобках."),
    "tuple_type": ("not-a-list", "Нужен список.", "Запишите значения в квадратных скобках."),
    "dict_type": ("not-an-object", "Нужен объект.", "Запишите поля в фигурных скобках."),
    "model_type": ("not-an-object", "Нужен объект.", "Запишите поля в фигурных скобках."),
    "model_attributes_type": ("not-an-object", "Нужен объект.", "Запишите поля в фигурных скобках."),
    "too_long": ("too-many-items", "Слишком много значений.", "Разделите запрос: не больше {max_length}."),
    "too_short": ("too-few", "Слишком мало значений.", "Нужно не меньше {min_length}."),
    "greater_than": ("out-of-range", "Число вне допустимых пределов.", "Нужно больше {gt}."),
    "greater_than_equal": ("out-of-range", "Число вне допустимых пределов.", "Нужно не меньше {ge}."),
    "less_than": ("out-of-range", "Число вне допустимых пределов.", "Нужно меньше {lt}."),
    "less_than_equal": ("out-of-range", "Число вне допустимых пределов.", "Нужно не больше {le}."),
    "literal_error": ("not-allowed", "Такого значения нет в списке.", "Можно одно из: {expected}."),
    "enum": ("not-allowed", "Такого значения нет в списке.", "Можно одно из: {expected}."),
    "union_tag_invalid": ("not-allowed", "Такого значения нет в списке.", "Можно одно из: {expected_tags}."),
    "datetime_type": ("not-a-time", "Нужно время.", "Вид: 2022-11-01T09:00:00+05:00."),
    "timezone_aware": ("no-time-zone", "У времени нет часового пояса.", "Вид: 2022-11-01T09:00:00+05:00."),
    "date_type": ("not-a-date", "Нужна дата.", "Вид: 2022-11-01."),
    "uuid_parsing": (
        "not-an-id",
        "Нужен идентификатор вида UUID.",
        "Возьмите идентификатор из ответа службы.",
    ),
}
# Families of types that need the same words.
_FAMILIES = {
    "datetime": "datetime_type",
    "date": "date_type",
    "decimal": "decimal_type",
    "int": "int_parsing",
}
# How a text must be written, in words: a pattern says it to programs only (they read it in OpenAPI).
PATTERNS: Mapping[str, str] = {
    r"\S": "Заполните поле.",
    r"^[0-9]{4}(-[0-9]{4})?$": "Запишите год или учебный год: 2022 или 2021-2022.",
    r"^[0-9]{8}$": "Нужно восемь цифр.",
    r"^[0-9]{2,3}$": "Нужны две или три цифры, например 74.",
    r"^[0-9]{1,4}(\.[0-9]{1,4}){0,3}$": "Нужен номер вида 2 или 2.1.",
    r"^[0-9]{2,3}-[a-z0-9]+(-[a-z0-9]+)*$": "Нужен код региона и слова латиницей через дефис: 74-zlatoustovsky-go.",
    r"^(new|redriven|discarded)$": "Можно одно из: new, redriven, discarded.",
    r"^FREQ=[A-Z0-9=;,:]+$": "Нужно правило повторения iCalendar: FREQ=YEARLY;INTERVAL=1.",
    r"^https?://[^\s]+$": "Нужен адрес без пробелов, который начинается с https:// или http://.",
    r"^https?://[^\s@]+$": "Нужен адрес без пробелов и имени входа, который начинается с https:// или http://.",
    r"^[a-z][a-z0-9_]*$": "Можно строчные латинские буквы, цифры и знак _; первой — буква.",
    r"^[a-z0-9][a-z0-9-]*$": "Можно строчные латинские буквы, цифры и дефис; первыми — буква или цифра.",
    r"^[a-z0-9][a-z0-9_.-]*$": "Можно строчные латинские буквы, цифры, точку, дефис и знак _.",
    r"^[a-z0-9_.-]{1,100}$": "Можно строчные латинские буквы, цифры, точку, дефис и знак _, не больше 100.",
    r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$": "Можно латинские буквы, цифры, точку, дефис и знак _, не больше 100.",
}
SIGNS = ("знака", "знаков", "знаков")
# In an address an unwritten + is a space: what comes back looks like what was sent.
_PLUS = " В адресе + пишется как %2B; можно также назвать время в UTC с Z."
EMPTY = ("too-short", "Поле не заполнено.", "Заполните поле.")
_OTHER = ("invalid", "Значение не подходит.", "Сверьте значение с описанием API (/docs).")
# What is said of any field alike: who shows it to people names the field beside.
NAMELESS = frozenset({EMPTY[1], _OTHER[1], *(message for _, message, _ in _WORDS.values())})


def _words(kind: str, context: Mapping[str, Any]) -> tuple[str, str, str]:
    found = _WORDS.get(kind) or _WORDS.get(_FAMILIES.get(kind.split("_", 1)[0], ""), _OTHER)
    code, message, remedy = found
    if kind in {"value_error", "assertion_error"} and (told := context.get("error")) is not None:
        message = str(told)
    try:
        return code, message, remedy.format(**_told(kind, context)).replace(" or ", " или ")
    except KeyError:
        return code, message, _OTHER[2]


def _told(kind: str, context: Mapping[str, Any]) -> Mapping[str, Any]:
    """The validator's figures as words say them: a length with its noun, a pattern by what it asks for."""
    if kind == "string_pattern_mismatch":
        return {"pattern": PATTERNS.get(context["pattern"], _OTHER[2])}
    if not kind.startswith("string_too_"):
        return context
    return {name: f"{count} {plural(count, SIGNS)}" for name, count in context.items()}


def _escaped(segment: object) -> str:
    return str(segment).replace("~", "~0").replace("/", "~1")


def _follow(location: Sequence[Any], body: Any, *, absent: bool) -> str:
    """The pointer of a location; names of union members, which the input does not have, are left out."""
    pointer, here = "", body
    for number, segment in enumerate(location):
        last = number == len(location) - 1
        known = isinstance(here, dict) and segment in here
        known = known or (isinstance(here, list) and isinstance(segment, int) and segment < len(here))
        if known:
            here = here[segment]
        if known or (last and absent):
            pointer += f"/{_escaped(segment)}"
    return pointer


def wrong_fields(found: Sequence[Any], body: Any) -> list[dict[str, str]]:
    """The errors of pydantic as `errors[]`, one for each place; parameters say where they stand by `in`.

    Of more than `LISTED` places the last entry (`more-errors`) says how many there are: a body may hold very many.
    """
    places: dict[tuple[str, str], Any] = {}
    for error in found:
        place, *rest = error["loc"] or ("body",)
        where = _PLACES.get(str(place), "")
        absent = error["type"] == "missing"
        pointer = f"/{_escaped(rest[0])}" if where and rest else _follow(rest, body, absent=absent)
        places.setdefault((where, pointer), error)
    shown = [_shown(where, pointer, error) for (where, pointer), error in islice(places.items(), LISTED)]
    return [*shown, more_errors(len(places))] if len(places) > LISTED else shown


def more_errors(count: int) -> dict[str, str]:
    """What stands behind the first `LISTED` of so many wrong places."""
    message = f"Неверных мест: {count}, названы первые {LISTED}."
    remedy = "Исправьте их и повторите: следующие назовёт новый ответ."
    return {"pointer": "", "code": MORE, "message": message, "remedy": remedy}


def _shown(where: str, pointer: str, error: Mapping[str, Any]) -> dict[str, str]:
    blank = isinstance(error.get("input"), str) and not error["input"].strip()
    code, message, remedy = _words(error["type"], error.get("ctx") or {})
    if blank and code in {"too-short", "wrong-format"}:
        code, message, remedy = EMPTY[0] if code == EMPTY[0] else code, *EMPTY[1:]
    if where == "query" and code in {"not-a-time", "no-time-zone"}:
        remedy += _PLUS
    one = {"pointer": pointer, "code": code, "message": message, "remedy": remedy}
    return {**one, "in": where} if where else one
