"""The passport as a file: no value of it is a formula to a spreadsheet."""

import csv
import io
from datetime import date

import pytest

from services.scoring.domain import tables
from services.scoring.domain.publication import passport as passports
from services.scoring.domain.publication.passport import Field, Issue, Publisher, passport
from services.scoring.works.files import passport_files
from tests.unit.scoring.publication.made import drafted


@pytest.mark.parametrize(
    ("public_url", "link"),
    [
        (None, "/v1/editions/2022-1/content?format=csv"),
        ("https://rsoko.example", "https://rsoko.example/editions/2022-1/files/overall.csv"),
        ("https://rsoko.example/", "https://rsoko.example/editions/2022-1/files/overall.csv"),
    ],
)
def test_the_link_is_a_whole_address_where_the_platform_has_one(public_url: str | None, link: str):
    day = date(2023, 2, 20)
    issue = Issue(day, day, public_url=public_url)
    assert {one.property: one.value for one in passport(drafted(), Publisher(), issue)}["link"] == link


def test_the_structure_describes_the_columns_in_their_order():
    assert list(passports.COLUMNS) == list(tables.COLUMNS)


def test_no_value_of_the_passport_runs_as_a_formula():
    fields = [Field("title", "Наименование", '=HYPERLINK("http://x")'), Field("version", "Версия", "1")]
    table, plain = passport_files(fields)
    rows = list(csv.reader(io.StringIO(table.body.whole().decode())))
    assert rows[1:] == [["title", "Наименование", '\'=HYPERLINK("http://x")'], ["version", "Версия", "1"]]
    assert b'"value":"=HYPERLINK(' in plain.body.whole()
