"""The explanation as a page: everything open, who submitted is said without a person, the paper comes from scoring."""

import httpx
import pytest

from tests.unit.portal.conftest import Stage
from tests.unit.portal.made import AT, EXPLAIN, FLAG, FLAGGED, OWN, from_table

DOOR = f"/v1/scores/{OWN}/explain"


async def test_the_page_reaches_values_rules_results_and_submitters(stage: Stage) -> None:
    stage.answers = from_table({DOOR: EXPLAIN})
    async with stage.browser(headers={"Authorization": stage.token(f"municipality:{OWN}")}) as browser:
        page = await browser.get(f"/municipalities/{OWN}/explain?period=2022&as_of={AT.replace('+', '%2B')}")
    assert page.status_code == 200
    assert "<details" not in page.text
    for words in (
        "Доля работ",
        "баллы даны прямо",
        "информационная система (gis-education)",
        "приказ № 7",
        "введена в действие: приказ № 3",
        "Общий максимум по методике — 95.",
        "Баллы сверх максимума процедуры не засчитаны: 1.",
    ):
        assert words in page.text, words
    assert f"/municipalities/{OWN}/explain.pdf?period=2022&amp;as_of=2022-12-30T07%3A00%3A00%2B00%3A00" in page.text
    assert stage.asked[-1].url.params["as_of"] == AT


async def test_a_year_of_which_nothing_was_written_has_no_moment(stage: Stage) -> None:
    stage.answers = from_table({DOOR: EXPLAIN | {"as_of": "1970-01-01T00:00:00.000000+00:00", "data_at": None}})
    async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
        page = await browser.get(f"/municipalities/{OWN}/explain?period=2023")
    assert "<dt>По состоянию на</dt><dd>за этот период ещё ничего не записано</dd>" in page.text
    assert "1970" not in page.text


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"role": "municipality", "id": OWN}, "внёс: муниципалитет (Златоустовский ГО);"),
        ({"role": "organization", "id": "74-school-1"}, "внёс: образовательная организация (74-school-1);"),
        ({"role": "ministry", "id": None}, "внёс: министерство;"),
        (None, "внёс: не сообщено;"),
    ],
)
async def test_a_submitter_is_told_by_name_where_it_is_known(
    stage: Stage, told: dict[str, str | None] | None, words: str
) -> None:
    group = EXPLAIN["overall"]["groups"][0]
    first = group["procedures"][0]
    procedures = [first | {"result": first["result"] | {"submitted_by": told}}, *group["procedures"][1:]]
    overall = EXPLAIN["overall"] | {"groups": [group | {"procedures": procedures}]}
    stage.answers = from_table({DOOR: EXPLAIN | {"overall": overall}})
    async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
        page = await browser.get(f"/municipalities/{OWN}/explain?period=2022")
    assert words in page.text


async def test_decimals_within_words_have_a_comma(stage: Stage) -> None:
    group = EXPLAIN["overall"]["groups"][0]
    over = group["procedures"][0] | {"notes": ["Баллы сверх максимума процедуры не засчитаны: 0.5."]}
    groups = [group | {"procedures": [over, *group["procedures"][1:]]}]
    overall = EXPLAIN["overall"] | {"notes": ["Общий максимум — 95.25."], "groups": groups}
    stage.answers = from_table({DOOR: EXPLAIN | {"overall": overall}})
    async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
        page = await browser.get(f"/municipalities/{OWN}/explain?period=2022")
    assert "не засчитаны: 0,5.<" in page.text
    assert "Общий максимум — 95,25." in page.text


async def test_the_page_says_what_counts_without_permission(stage: Stage) -> None:
    stage.answers = from_table({DOOR: EXPLAIN | {"flags": [FLAG]}})
    async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
        page = await browser.get(f"/municipalities/{OWN}/explain?period=2022")
    assert FLAGGED in page.text


async def test_the_paper_is_asked_as_pdf_and_handed_on(stage: Stage) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["accept"] == "application/pdf"
        named = {"content-disposition": 'inline; filename="explain-2022.pdf"', "content-type": "application/pdf"}
        return httpx.Response(200, content=b"%PDF-1.7", headers=named)

    stage.answers = answer
    async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
        paper = await browser.get(f"/municipalities/{OWN}/explain.pdf?period=2022")
    assert (paper.content, paper.headers["content-type"]) == (b"%PDF-1.7", "application/pdf")
    assert paper.headers["content-disposition"] == 'inline; filename="explain-2022.pdf"', (
        "by the name that scoring gave"
    )


async def test_an_explanation_as_json_is_named_by_its_period_also_where_none_was_asked(stage: Stage) -> None:
    stage.answers = from_table({DOOR: EXPLAIN})
    async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
        told = await browser.get(f"/municipalities/{OWN}/explain.json")
    assert told.headers["content-disposition"] == f'attachment; filename="explain-{OWN}-2022.json"'


async def test_an_unknown_period_is_a_page_that_says_so(stage: Stage) -> None:
    stage.answers = from_table({})
    async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
        page = await browser.get(f"/municipalities/{OWN}/explain?period=1999")
    assert page.status_code == 404
    assert "Отказано: 404." in page.text
