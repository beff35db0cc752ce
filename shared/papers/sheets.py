"""Spreadsheets: plain tables as XLSX, no formula ever; the same tables give the same bytes."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.texts import readable

Cell = str | int | None
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WIDEST = 60
NARROWEST = 8


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its name (at most 31 characters), the header, the rows; None is an empty cell."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def workbook(sheets: Sequence[Sheet], *, title: str, made_at: datetime) -> bytes:
    """The sheets as one file, headers in bold and frozen; `made_at` is the only time in it."""
    import xlsxwriter

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, OPTIONS) as book:
        book.set_properties({"title": readable(title), "created": made_at.replace(tzinfo=None)})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 0)
            page.write_row(0, 0, [_shown(cell) for cell in sheet.header], bold)
            for number, row in enumerate(sheet.rows, start=1):
                page.write_row(number, 0, [_shown(cell) for cell in row])
            for column in range(len(sheet.header)):
                page.set_column(column, column, _width(sheet, column))
    return made.getvalue()


def _shown(cell: Cell) -> str | int:
    """A cell as it is written: without characters that no XML may have."""
    if not isinstance(cell, str):
        return "" if cell is None else cell
    text = readable(cell)
    # xlsxwriter takes such a text for markup of its own and writes it into the file as it is.
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def _width(sheet: Sheet, column: int) -> int:
    cells = [sheet.header[column], *(row[column] for row in sheet.rows if column < len(row))]
    longest = max(len(str(cell)) for cell in cells if cell is not None)
    return min(max(longest + 2, NARROWEST), WIDEST)
