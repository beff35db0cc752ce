"""Russian words for numbers, levels, groups and periods, as officials read them."""

import re
from datetime import date
from fractions import Fraction

from shared.kernel import exact, number_text, plural

GROUPS = {
    "overall": "Общая оценка",
    "conditions": "Создание условий",
    "results": "Учебные и воспитательные результаты",
    "processes": "Рабочие процессы",
}
LEVELS = {"low": "низкий", "medium": "средний", "above_average": "выше среднего", "high": "высокий"}
STATES = {
    "no_data": "нет данных",
    "not_applicable": "процедуры не применялись",
    "did_not_exist": "муниципалитет не существовал",
}
POINTS = ("балл", "балла", "баллов")
PLACES = ("место", "места", "мест")
RESULTS = ("результат", "результата", "результатов")
MUNICIPALITIES_OF = ("муниципалитета", "муниципалитетов", "муниципалитетов")


def amount(number: Fraction) -> str:
    """Points in words: `2 балла`, `1,5 балла`, `1/3 балла`."""
    whole = number.denominator == 1
    return f"{figure(number)} {plural(number.numerator, POINTS) if whole else POINTS[1]}"


def figure(number: Fraction | str) -> str:
    """An exact number with a decimal comma."""
    return number_text(exact(number)).replace(".", ",")


def day_words(told: str | None) -> str:
    """`01.12.2022` of an ISO day."""
    return f"{date.fromisoformat(told):%d.%m.%Y}" if told else "—"


def act_words(number: str | None) -> str:
    """An act by its number, with what it is where that was typed with the number."""
    text = number or ""
    alone = " " not in text and "№" not in text
    return f"Акт № {text}" if alone else text[:1].upper() + text[1:]


def group_words(group: str) -> str:
    """The title of a group; a group that has none here is shown by its key."""
    return GROUPS.get(group, f"Группа «{group}»")


def level_words(level: str | None) -> str:
    """The word of a level."""
    return LEVELS.get(level or "", level or "не определён")


def period_words(period: str) -> str:
    """`за 2022 год`, `за 2021/2022 учебный год`."""
    if re.fullmatch(r"\d{4}", period):
        return f"за {period} год"
    if re.fullmatch(r"\d{4}-\d{4}", period):
        return f"за {period.replace('-', '/')} учебный год"
    return f"за период «{period}»"
