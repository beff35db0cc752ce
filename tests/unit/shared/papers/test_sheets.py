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


def test_a_sheet_can_be_filtered_and_printed_without_losing_its_head_or_its_columns():
    page = openpyxl.load_workbook(io.BytesIO(made()))["Рейтинг"]
    assert (page.freeze_panes, page.auto_filter.ref) == ("A2", "A1:B4")
    assert page.print_title_rows == "$1:$1"
    assert (page.page_setup.paperSize, page.page_setup.fitToHeight) == (9, 0)
    assert page.sheet_properties.pageSetUpPr.fitToPage is True
    assert (page.oddHeader.left.text, page.oddFooter.right.text) == ("Рейтинг: &A", "Страница &P из &N")


def test_a_title_that_spreadsheets_would_take_for_commands_is_printed_as_it_is():
    for title, shown in (("A&B", "A&&B: &A"), ("Ж" * 300, "Ж" * 200 + "…: &A")):
        book = workbook([Sheet("Лист", ["а"], [])], title=title, made_at=NOON)
        assert openpyxl.load_workbook(io.BytesIO(book))["Лист"].oddHeader.left.text == shown


def test_long_cells_are_wrapped_and_not_run_over_by_the_next_column():
    told = "Муниципалитет не участвовал в проекте, потому что школ с низкими результатами в нём нет и не было"
    book = workbook([Sheet("Лист", ["примечание", "б"], [[told, 1]])], title="Рейтинг", made_at=NOON)
    cell = openpyxl.load_workbook(io.BytesIO(book))["Лист"]["A2"]
    assert (cell.alignment.wrap_text, cell.alignment.vertical) == (True, "top")
