"""Russian words for numbers, levels, groups and periods, as officials read them."""

import re
from fractions import Fraction

from shared.kernel import exact, number_text

GROUPS = {
    "overall": "Общая оценка",
    "conditions": "Создание условий",
    "results": "Учебные и воспитательные результаты",
    "processes": "Рабочие процессы",
}
LEVELS = {"low": "низкий", "medium": "средний", "above_average": "выше среднего", "high": "высокий"}
STATES = {"no_data": "нет данных", "not_applicable": "не применялась", "did_not_exist": "не существовало"}
POINTS = ("балл", "балла", "баллов")
PLACES = ("место", "места", "мест")
RESULTS = ("результат", "результата", "результатов")
_TEENS = range(11, 15)
_FEW = range(2, 5)


def plural(number: int, forms: tuple[str, str, str]) -> str:
    """The form that follows a whole number: 1 балл, 2 балла, 5 баллов, 11 баллов, 21 балл."""
    rest = abs(number) % 100
    if rest in _TEENS:
        return forms[2]
    if rest % 10 == 1:
        return forms[0]
    return forms[1] if rest % 10 in _FEW else forms[2]


def amount(number: Fraction) -> str:
    """Points in words: `2 балла`, `1,5 балла`, `1/3 балла`."""
    whole = number.denominator == 1
    return f"{figure(number)} {plural(number.numerator, POINTS) if whole else POINTS[1]}"


def figure(number: Fraction | str) -> str:
    """An exact number with a decimal comma."""
    return number_text(exact(number)).replace(".", ",")


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
