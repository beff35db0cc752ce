"""The picture of section 8: a bar for every level and for each kind of nothing, with what it says in words."""

from collections.abc import Mapping
from fractions import Fraction

from services.scoring.domain.methodology import LEVELS, Level
from services.scoring.domain.words import LEVEL_WORDS, NO_LEVEL
from shared.pictures import Caption, Mark, bars

TITLES = {level: said.capitalize() for level, said in LEVEL_WORDS.items()}
NO_DATA, NOT_APPLICABLE = "Нет данных", "Не применялась"
TITLE = "Муниципалитеты по уровням"


def level_picture(levels: Mapping[Level | None, int], absent: Mapping[str, int]) -> tuple[str, str]:
    """The SVG and its words; shares are of all municipalities of the picture. `None`: scored, but in no band."""
    total = sum(levels.values()) + sum(absent.values())
    rows = [
        (TITLES[level], Mark(str(levels[level]), Fraction(levels[level], total), LEVELS.index(level)))
        for level in reversed(LEVELS)
    ]
    if None in levels:
        rows.append((f"Уровень {NO_LEVEL}", Mark(str(levels[None]), Fraction(levels[None], total))))
    if absent["no_data"]:
        rows.append((NO_DATA, Mark(str(absent["no_data"]), nothing="no_data")))
    if absent["not_applicable"]:
        rows.append((NOT_APPLICABLE, Mark(str(absent["not_applicable"]), nothing="not_applicable")))
    words = f"{TITLE}: " + ", ".join(f"{label.lower()} — {mark.words}" for label, mark in rows) + "."
    return bars(rows, Caption("levels", TITLE, words)), words
