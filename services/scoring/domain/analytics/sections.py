"""The ten fixed sections of an analytics document, and which of them are missing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from shared.kernel import FieldError, Refused


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its place, key and title; `filled` says by whom."""

    number: int
    key: str
    title: str
    filled: Literal["platform", "person"]
    remedy: str


WRITE, RESULTS = "Напишите текст раздела", "Внесите результаты за этот период"
SECTIONS = (
    Section(1, "name", "Наименование", "platform", WRITE),
    Section(2, "motivation", "Связь с показателем и мотивацией", "platform", WRITE),
    Section(3, "mechanism", "Связь с механизмом и треком", "platform", WRITE),
    Section(4, "methods", "Источники, инструменты, методы", "person", WRITE),
    Section(5, "periods", "Периоды", "platform", RESULTS),
    Section(6, "sample", "Выборка", "platform", RESULTS),
    Section(7, "indicators", "Показатели", "platform", RESULTS),
    Section(8, "rating", "Рейтинг по уровням", "platform", RESULTS),
    Section(9, "conclusions", "Интерпретация, выводы, рекомендации", "person", WRITE),
    Section(10, "effect", "Эффект принятых мер", "platform", "Внесите результаты за прежний период или напишите текст"),
)
BY_KEY: Mapping[str, Section] = {one.key: one for one in SECTIONS}
KEYS = tuple(BY_KEY)
Data = Mapping[str, Mapping[str, Any] | None]


def missing(data: Data, written: Collection[str]) -> list[Section]:
    """The sections that are empty: a person's without a text, the platform's without data and text."""
    return [one for one in SECTIONS if one.key not in written and (one.filled == "person" or data.get(one.key) is None)]


def check_whole(data: Data, written: Collection[str]) -> None:
    """Refused (`analytics-incomplete`), naming each missing section and how to fill it."""
    lacking = missing(data, written)
    if lacking:
        named = "; ".join(f"{one.number}. {one.title}" for one in lacking)
        raise Refused(
            "analytics-incomplete",
            "В документе есть не все разделы",
            f"Не заполнены: {named}.",
            errors=[
                FieldError(f"/sections/{one.key}", "section-empty", f"Раздел {one.number}: {one.title}.", one.remedy)
                for one in lacking
            ],
        )
