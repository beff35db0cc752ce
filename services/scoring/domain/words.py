"""Levels and states in the words of the documents, as papers, tables and pictures of scoring say them."""

from collections.abc import Mapping
from typing import Final

LEVEL_WORDS: Final[Mapping[str, str]] = {
    "low": "низкий",
    "medium": "средний",
    "above_average": "выше среднего",
    "high": "высокий",
}
NO_LEVEL: Final = "не определён"
# Why there is no score, of a municipality.
STATE_WORDS: Final[Mapping[str, str]] = {
    "no_data": "нет данных",
    "not_applicable": "не применялась",
    "did_not_exist": "не существовал",
}


def level_words(level: str | None) -> str:
    """A level in words; what has none is not determined."""
    return NO_LEVEL if level is None else LEVEL_WORDS[level]
