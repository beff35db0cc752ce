"""Spreadsheets: plain tables as XLSX, no formula ever; the same tables give the same bytes."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from shared.texts import readable

Cell = str | int | Decimal | None
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WIDEST = 60
NARROWEST = 8
A4 = 9
# A line of a printed page holds 255 characters; the sheet's own name follows.
LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its name (at most 31 characters), the header, the rows; None is an empty cell."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def workbook(sheets: Sequence[Sheet], *, title: str, made_at: datetime) -> bytes:
    """The sheets as one file, headers in bold, frozen and printed on each page; `made_at` is the only time in it."""
    import xlsxwriter

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, OPTIONS) as book:
        book.set_properties({"title": readable(title), "created": made_at.replace(tzinfo=None)})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 0)
            page.write_row(0, 0, [_shown(cell) for cell in sheet.header], bold)
            for number, row in enumerate(sheet.rows, start=1):
                page.write_row(number, 0, [_shown(cell) for cell in row], wrapped)
            for column in range(len(sheet.header)):
                page.set_column(column, column, _width(sheet, column))
            page.autofilter(0, 0, len(sheet.rows), len(sheet.header) - 1)
            _for_print(page, title)
    return made.getvalue()


def _for_print(page: Any, title: str) -> None:
    """As wide as the paper, the header again on each page, which says what it is of."""
    page.set_paper(A4)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    whole = " ".join(readable(title).split())
    named = whole if len(whole) <= LONGEST_TITLE else f"{whole[:LONGEST_TITLE]}…"
    page.set_header(f"&L{named.replace('&', '&&')}: &A")
    page.set_footer("&RСтраница &P из &N")


def _shown(cell: Cell) -> str | int | Decimal:
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
