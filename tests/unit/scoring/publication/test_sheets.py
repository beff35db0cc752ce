"""An edition as tables for people: numbers are numbers in a spreadsheet, and have a comma in print."""

import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from services.scoring.domain.publication.passport import Field
from services.scoring.domain.publication.sheets import paper, sheets
from shared.papers import Sheet, workbook
from tests.unit.scoring.publication.made import drafted

# As contents of formats before the fourth call the overall table.
EARLIER = "Общий итог"
LONG = "0.1234567890123456"


def content(points: str) -> dict[str, Any]:
    row = {
        "rank": 1, "municipality": {"id": "m1", "name": "Ёлкинский № 1.5", "oktmo": "75701000"}, "points": points,
        "maximum": "95", "percent": 38, "level": "medium", "level_conflict": False,
    }  # fmt: skip
    table = {"group": "overall", "kind": "overall", "title": EARLIER, "flags": [], "rows": [row], "no_data": []}
    return {"methodology": {"id": "small", "title": "Малая", "sha256": "0"}, "ratings": [table]}


@pytest.mark.parametrize(
    ("points", "printed", "kept"),
    [("36.5", "36,5", 36.5), ("74", "74", 74), ("1/3", "1/3", "1/3"), (LONG, LONG.replace(".", ","), LONG)],
)
def test_numbers_are_numbers_in_a_spreadsheet_and_have_a_comma_in_print(points: str, printed: str, kept: object):
    shown = paper(drafted(), content(points))["tables"][0]["rows"]
    assert shown == [["1", "Ёлкинский № 1.5", "75701000", printed, "95", "38", "средний", ""]]
    whole = [Sheet(name, header, lines) for name, header, lines in sheets(content(points), ())]
    book = openpyxl.load_workbook(
        io.BytesIO(workbook(whole, title="Рейтинг", made_at=datetime(2023, 2, 1, tzinfo=UTC)))
    )
    cells = [cell.value for cell in list(book["Общая оценка"].iter_rows())[1]]
    assert cells[:6] == [1, "Ёлкинский № 1.5", "75701000", kept, 95, 38]


def test_a_decimal_is_written_digit_by_digit():
    [_, (_, _, rows)] = sheets(content("100.0001"), ())
    assert rows[0][3] == Decimal("100.0001")


def test_the_overall_table_is_called_by_one_word_also_where_its_content_says_another():
    assert paper(drafted(), content("74"))["tables"][0]["title"] == "Общая оценка"
    assert [name for name, _, _ in sheets(content("74"), ())] == ["Таблицы", "Общая оценка"]


def test_a_long_name_of_a_sheet_ends_with_a_whole_word_and_stands_whole_in_the_list_of_tables():
    whole = ("Учебные и воспитательные результаты", "Профессиональное самоопределение", "Проект «500+»", "Ж" * 40)
    told = content("74")
    told["ratings"] = [{**told["ratings"][0], "group": f"g{n}", "title": one} for n, one in enumerate(whole)]
    [(name, header, rows), *tables] = sheets(told, ())
    names = [one for one, _, _ in tables]
    assert names == ["Учебные и воспитательные…", "Профессиональное…", "Проект «500+»", "Ж" * 30 + "…"]
    assert (name, header) == ("Таблицы", ("Лист", "Таблица"))
    assert rows == [[short, title] for short, title in zip(names, whole, strict=True)]


def test_a_draft_has_no_empty_passport():
    assert "Паспорт" not in [name for name, _, _ in sheets(content("74"), ())]
    [first, *_] = sheets(content("74"), [Field("title", "Название", "Рейтинг")])
    assert first == ("Паспорт", ("Свойство", "Название", "Значение"), [["title", "Название", "Рейтинг"]])
