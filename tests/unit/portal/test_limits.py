"""What the rows are chosen by is said in words: on paper there are no filters to read it from."""

import pytest

from services.portal.show.situation import read_asked
from tests.unit.portal.conftest import Stage
from tests.unit.portal.made import EVERYTHING, from_table


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, ""),
        ({"near": "74-troitsky-go"}, ""),
        ({"kind": "urban_okrug"}, "вид — городской округ"),
        ({"level": "none", "q": " Троицк "}, "уровень — нет оценки; название — «Троицк»"),
        ({"level": "above_average"}, "уровень — выше среднего"),
        ({"level": "undefined"}, "уровень — не определён"),
    ],
)
def test_limits_are_said_in_words(asked: dict[str, str], said: str):
    assert read_asked(**asked).limits == said


async def test_the_centre_says_by_what_its_rows_were_chosen(stage: Stage):
    stage.answers = from_table(EVERYTHING)
    async with stage.browser() as browser:
        text = " ".join((await browser.get("/?period=2022&kind=urban_okrug&q=<b>")).text.split())
        whole = (await browser.get("/?period=2022")).text
    assert "Отбор: вид — городской округ; название — «&lt;b&gt;»." in text
    assert "Отбор" not in whole
