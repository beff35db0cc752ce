"""Cells of CSV: no formula for a spreadsheet to run, and every exact number as it is, below zero too."""

import csv
import io

import pytest

from services.scoring.api.community.tables import everywhere_csv
from services.scoring.domain.tables import safe_cell


@pytest.mark.parametrize("number", ["-3", "-0.5", "-1/3", "12", "-12345678901234567890.001"])
def test_an_exact_number_stays_a_number(number: str):
    assert safe_cell(number) == number


@pytest.mark.parametrize(
    "text", ["=1+1", "+7 351", "-1+1", "-3;", "-1/3/5", "-", "-a", "-1.5e3", "--1", "-1\n", "-٣", "@a", "\t1", "\r1"]
)
def test_a_formula_becomes_a_text(text: str):
    assert safe_cell(text) == f"'{text}"


def test_an_indicator_that_fell_is_a_number_in_csv():
    fell = {"code": "E9", "title": "Прирост", "state": "scored", "value": "-3", "percent": None, "reason": None}
    one = {"municipality": {"id": "m1", "name": "-А", "oktmo": "1"}, "year": 2022, "indicators": [fell]}
    [row] = csv.DictReader(io.StringIO(everywhere_csv([one]).decode()))
    assert (row["value"], row["name"]) == ("-3", "'-А")
