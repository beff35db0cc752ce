"""Signs in plain words: what was seen, what would be usual, and that it is a reason to look and no verdict."""

from collections.abc import Mapping
from typing import Any

from shared.kernel import plural

WORKS = ("работы", "работ", "работ")
MEDALLISTS = ("медалиста", "медалистов", "медалистов")
PLACES = 2
REMINDER = "Это повод посмотреть, а не вывод: причина может быть и добросовестной."
TITLES = {
    "boundary_spike": "Всплеск на границе отметки",
    "school_marks": "Отметки школы и внешние результаты",
    "jump": "Необычное изменение за год",
    "medallists": "Медалисты набрали менее 70 баллов",
}
# How the second distribution lies to the first: below it, alike, above it.
BESIDE = {-1: "ниже внешних", 0: "такие же, как внешние", 1: "выше внешних"}
SINCE = {-1: "упали", 0: "не изменились", 1: "выросли"}


def sign_words(sign: Mapping[str, Any]) -> str:
    """One sign as people read it."""
    observed, expected = float(sign["observed"]), float(sign["expected"])
    said = {
        "boundary_spike": (
            f"Из {sign['n']} {plural(sign['n'], WORKS)} у границ отметок ровно на границе {observed:.0f}; "
            f"при плавном распределении было бы около {expected:.0f}."
        ),
        "school_marks": (
            f"Отметки школы {_unlike(observed, expected, BESIDE)}: сдвиг {_comma(observed)} при обычном для региона "
            f"{_comma(expected)} (от −1 до 1; 0 — одинаковы)."
        ),
        "jump": (
            f"Результаты за год {_unlike(observed, expected, SINCE)}: сдвиг {_comma(observed)} при обычном для региона "
            f"{_comma(expected)} (от −1 до 1; 0 — без изменений)."
        ),
        "medallists": (
            f"Из {sign['n']} {plural(sign['n'], MEDALLISTS)} менее 70 баллов хотя бы по одному предмету ЕГЭ набрали "
            f"{observed:.0f}; при доле остальных школ региона было бы около {_comma(expected)}."
        ),
    }
    return f"{said[sign['kind']]} {REMINDER}"


def _unlike(observed: float, expected: float, said: Mapping[int, str]) -> str:
    """Where the school lies, and how that differs from where the schools of the region usually do."""
    here, usual = _side(observed), _side(expected)
    if here != usual:
        return f"{said[here]}, хотя обычно в регионе {said[usual]}"
    return f"{said[here]} {'больше' if abs(observed) > abs(expected) else 'меньше'}, чем обычно в регионе"


def _side(number: float) -> int:
    """As it is shown: what is printed as 0,00 is on no side."""
    shown = round(number, PLACES)
    return (shown > 0) - (shown < 0)


def _comma(number: float) -> str:
    return f"{round(number, PLACES) + 0:.{PLACES}f}".replace(".", ",").replace("-", "−")
