"""The table of the situation centre for a Russian spreadsheet: its rows in its order, semicolons, commas in numbers."""

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Iterable

from services.portal.show import words
from services.portal.show.numbers import short_day
from services.portal.show.situation import Rating, Row
from shared.texts import safe_cell

HEADER = (
    "Место", "Муниципалитет", "Баллы", "Максимум", "Процент", "Уровень", "Изменение, п. п.", "Данные на", "Примечание",
)  # fmt: skip
CONFLICT = "по баллам уровень был бы другим"


def spreadsheet_csv(rating: Rating) -> bytes:
    """The rows that the page shows."""
    return excel_csv(HEADER, map(_cells, rating.rows))


def excel_csv(header: Iterable[str], rows: Iterable[Iterable[str | int | None]]) -> bytes:
    """A table; the mark at the beginning and the semicolons are what Excel knows UTF-8 by."""
    text = io.StringIO()
    out = csv.writer(text, delimiter=";", lineterminator="\r\n")
    out.writerow(header)
    out.writerows([safe_cell(cell) for cell in row] for row in rows)
    return BOM_UTF8 + text.getvalue().encode()


def _cells(row: Row) -> list[str | int | None]:
    if not row.scored:
        return [None, row.name, *[None] * 6, f"{words.word('state', row.state)}: {row.reason}".removesuffix(": ")]
    return [
        row.rank,
        row.name,
        _exact(row.points),
        _exact(row.maximum),
        row.percent,
        words.word("level", row.level),
        row.change["percent"] if row.change else None,
        short_day(row.data_at) if row.data_at else None,
        CONFLICT if row.conflict else None,
    ]


def _exact(told: str | None) -> str | None:
    """`36,5`; a fraction without an end by a sign of division that no spreadsheet takes for a date."""
    return told and told.replace(".", ",").replace("/", "\N{DIVISION SLASH}")
