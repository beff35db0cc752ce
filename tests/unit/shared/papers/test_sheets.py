"""Spreadsheets: readable again, empty cells stay empty, no formula, the same bytes for the same tables."""

import io
from datetime import UTC, datetime

import openpyxl

from shared.papers import Sheet, workbook

NOON = datetime(2022, 12, 30, 12, tzinfo=UTC)


def made() -> bytes:
    rows = [["=1+1", 3], ["http://example.org", None], ["0012", 0]]
    return workbook([Sheet("Рейтинг", ["кто", "место"], rows)], title="Рейтинг", made_at=NOON)


def test_a_workbook_reads_back_as_it_was_given():
    page = openpyxl.load_workbook(io.BytesIO(made()))["Рейтинг"]
    assert [[cell.value for cell in row] for row in page.iter_rows()] == [
        ["кто", "место"],
        ["=1+1", 3],
        ["http://example.org", None],
        ["0012", 0],
    ]


def test_a_text_that_looks_like_a_formula_is_a_text():
    assert openpyxl.load_workbook(io.BytesIO(made()))["Рейтинг"]["A2"].data_type == "s"


def test_the_same_tables_are_the_same_bytes():
    assert made() == made()
