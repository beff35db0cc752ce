"""The table for a spreadsheet: as the page shows it, numbers as Russians write them, no formula and no date."""

import csv
import io
from codecs import BOM_UTF8
from typing import Any

from services.portal.show.situation import rating_of, read_asked
from services.portal.show.spreadsheet import spreadsheet_csv
from tests.unit.portal.conftest import Stage
from tests.unit.portal.made import EVERYTHING, from_table, rating
from tests.unit.portal.municipalities import REGION


def lines(told: dict[str, Any], **asked: str) -> list[list[str]]:
    made = spreadsheet_csv(rating_of(told, read_asked(**asked), REGION))
    assert made.startswith(BOM_UTF8)
    return list(csv.reader(io.StringIO(made.decode("utf-8-sig")), delimiter=";"))


def first(**more: Any) -> list[str]:
    told = rating()
    told["rows"][0] |= more
    return lines(told)[1]


def test_a_decimal_has_a_comma_and_a_fraction_is_no_date():
    assert first(points="36.5", maximum="95")[2:4] == ["36,5", "95"]
    assert first(points="1/3")[2] == "1\N{DIVISION SLASH}3", "a spreadsheet makes the first of March of 1/3"


def test_a_name_that_would_run_as_a_formula_stays_a_name():
    told = rating()
    told["rows"][0]["municipality"] |= {"name": "=1+1;=2"}
    assert lines(told)[1][1] == "'=1+1;'=2"


def test_rows_come_as_they_are_asked_for_and_who_has_no_score_says_why():
    found = lines(rating(), q="троицк", sort="-name")
    assert [len(line) for line in found] == [9, 9, 9]
    [scored] = [line for line in found[1:] if line[0]]
    [absent] = [line for line in found[1:] if not line[0]]
    assert scored[5] in {"низкий", "средний", "выше среднего", "высокий"}
    assert absent[2:8] == [""] * 6
    assert absent[8].startswith("нет данных")


async def test_the_page_leads_to_the_file_with_its_filters_and_order(stage: Stage):
    stage.answers = from_table(EVERYTHING)
    async with stage.browser() as browser:
        page = (await browser.get("/?period=2022&q=троицк&sort=name")).text
        [way] = [one for one in page.split('"') if one.startswith("/rating-excel.csv")]
        answer = await browser.get(way.replace("&amp;", "&"))
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="rating-excel-2022-overall.csv"'
    found = answer.content.decode("utf-8-sig").splitlines()
    assert (len(found), found[0].split(";")[:2]) == (3, ["Место", "Муниципалитет"])


async def test_without_a_rating_there_is_a_page_of_why(stage: Stage):
    stage.answers = from_table({})
    async with stage.browser() as browser:
        answer = await browser.get("/rating-excel.csv", headers={"Accept": "text/html"})
    assert (answer.status_code >= 400, "<h1" in answer.text) == (True, True)
