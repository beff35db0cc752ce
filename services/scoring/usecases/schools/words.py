"""Signs in plain words: what was seen, what would be usual, and that it is a reason to look and no verdict."""

from collections.abc import Mapping
from typing import Any

from shared.kernel import plural

WORKS = ("работы", "работ", "работ")
MEDALLISTS = ("медалиста", "медалистов", "медалистов")
REMINDER = "Это повод посмотреть, а не вывод: причина может быть и добросовестной."
TITLES = {
    "boundary_spike": "Всплеск на границе отметки",
    "school_marks": "Отметки школы выше внешних результатов",
    "jump": "Скачок между годами",
    "medallists": "Медалисты набрали менее 70 баллов",
}


def sign_words(sign: Mapping[str, Any]) -> str:
    """One sign as people read it."""
    observed, expected, effect = (float(sign[name]) for name in ("observed", "expected", "effect"))
    said = {
        "boundary_spike": (
            f"Из {sign['n']} {plural(sign['n'], WORKS)} у границ отметок ровно на границе {observed:.0f}; "
            f"при плавном распределении было бы около {expected:.0f}."
        ),
        "school_marks": (
            f"Отметки школы выше внешних сильнее обычного: сдвиг {_comma(observed)} при обычном для региона "
            f"{_comma(expected)} (от −1 до 1; 0 — одинаковы)."
        ),
        "jump": (
            f"Результаты {'выросли' if effect > 0 else 'упали'} за год сильнее, чем у других: сдвиг {_comma(observed)} "
            f"при обычном для региона {_comma(expected)} (от −1 до 1; 0 — без изменений)."
        ),
        "medallists": (
            f"Из {sign['n']} {plural(sign['n'], MEDALLISTS)} менее 70 баллов хотя бы по одному предмету ЕГЭ набрали "
            f"{observed:.0f}; при доле остальных школ региона было бы около {_comma(expected)}."
        ),
    }
    return f"{said[sign['kind']]} {REMINDER}"


def _comma(number: float) -> str:
    return f"{round(number, 2) + 0:.2f}".replace(".", ",").replace("-", "−")
