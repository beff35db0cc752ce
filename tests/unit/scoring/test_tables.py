"""Cells of CSV: no formula for a spreadsheet to run, and every exact number as it is, below zero too."""

import csv
import io

import pytest

from services.scoring.api.community.tables import everywhere_csv
from services.scoring.api.trend_lines import trend_csv
from services.scoring.domain.tables import rating_csv
from shared.texts import safe_cell


@pytest.mark.parametrize("number", ["-3", "-0.5", "-1/3", "12", "-12345678901234567890.001"])
def test_an_exact_number_stays_a_number(number: str):
    assert safe_cell(number) == number


@pytest.mark.parametrize(
    "text", ["=1+1", "+7 351", "-1+1", "-3;", "-1/3/5", "-", "-a", "-1.5e3", "--1", "-1\n", "-٣", "@a", "\t1", "\r1"]
)
def test_a_formula_becomes_a_text(text: str):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("divided", [",", ";", "\t"])
@pytest.mark.parametrize("said", ["нет;=A1", "нет\t+1", "нет\r\n@a", "нет; '=A1", 'нет;"-1+A2', "=1;=2", "-1;-2"])
def test_no_cell_begins_a_formula_however_the_reader_divides_the_line(said: str, divided: str):
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(["a", safe_cell(said)])
    cells = [cell for line in text.getvalue().splitlines() for cell in line.split(divided)]
    assert [cell for cell in cells if cell.lstrip(' "').startswith(("=", "+", "-", "@"))] == []


@pytest.mark.parametrize("text", ["нет классов; будут в 2027", "школа №5 - базовая", "а=б"])
def test_a_plain_text_stays_as_it_is(text: str):
    assert safe_cell(text) == text


@pytest.mark.parametrize(
    ("exact", "decimal"), [("1/9", "0.111111"), ("533/150", "3.553333"), ("7.5", "7.500000"), ("1/2000000", "0.000001")]
)
def test_beside_a_fraction_stands_what_no_spreadsheet_takes_for_a_date(exact: str, decimal: str):
    told = {"state": "scored", "points": exact, "share": exact}
    municipality = {"id": "m1", "name": "А", "oktmo": "1"}
    rating = {"rows": [told | {"municipality": municipality}], "no_data": [], "flags": []}
    line = told | {"municipality": municipality, "period": "2022", "parts": [], "coverage": None}
    absent = line | {"state": "no_data", "points": None, "share": None}
    series = {"group": "overall", "title": "Общая оценка", "lines": [line, absent], "breaks": []}
    for table in (rating_csv(rating), trend_csv({"series": [series], "flags": []})):
        row, *rest = csv.DictReader(io.StringIO(table.decode()))
        assert (row["points"], row["share"]) == (exact, exact)
        assert (row["points_decimal"], row["share_decimal"]) == (decimal, decimal)
        assert {one["points_decimal"] for one in rest} <= {""}


def test_an_indicator_that_fell_is_a_number_in_csv():
    fell = {"code": "E9", "title": "Прирост", "state": "scored", "value": "-3", "percent": None, "reason": None}
    one = {"municipality": {"id": "m1", "name": "-А", "oktmo": "1"}, "year": 2022, "indicators": [fell]}
    [row] = csv.DictReader(io.StringIO(everywhere_csv([one]).decode()))
    assert (row["value"], row["name"]) == ("-3", "'-А")
