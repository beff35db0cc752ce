"""A year without scores is no dead end: the way to the others stands there, and nothing is said twice."""

import httpx
import pytest

from tests.unit.portal.conftest import Answers, Stage
from tests.unit.portal.made import AT, EVERYTHING, FLAG, FLAGGED, OWN, SCORE, from_table

PERIODS = {
    "items": [
        {"period": "2022", "public": True, "data_at": AT},
        {"period": "2021-2022", "public": False, "data_at": AT},
    ],
    "next": None,
}
TITLE = "За этот период баллов нет"


def refusing(status: int, detail: str, **more: object) -> Answers:
    problem = {"title": TITLE, "detail": detail, "code": "period-not-found", "errors": []}
    table = from_table(EVERYTHING | {"/v1/periods": PERIODS} | more)
    return lambda one: (
        httpx.Response(status, json=problem) if one.url.path.startswith("/v1/ratings/2023") else table(one)
    )


async def seen(stage: Stage, path: str, who: str = "") -> httpx.Response:
    headers = {"Authorization": stage.token(who)} if who else {}
    async with stage.browser(headers=headers) as browser:
        return await browser.get(path)


async def test_the_centre_names_the_periods_that_have_scores(stage: Stage):
    stage.answers = refusing(404, "Список периодов: GET /v1/periods.")
    answer = await seen(stage, "/?period=2023&group=management", "ministry")
    assert answer.status_code == 404
    told = answer.text[answer.text.index('<p id="periods">') :].partition("</p>")[0]
    assert '<a href="/?period=2022&amp;group=management">2022 год</a>, ' in told
    assert told.endswith(
        '<a href="/?period=2021-2022&amp;group=management">2021/2022 учебный год</a> (не опубликован).'
    )


@pytest.mark.parametrize("detail", ["Список периодов: GET /v1/periods.", f"{TITLE}.", ""])
async def test_a_refusal_says_its_title_once(stage: Stage, detail: str):
    stage.answers = refusing(404, detail)
    centre = await seen(stage, "/?period=2023", "ministry")
    assert centre.text.count(TITLE) == 1
    alone = await seen(stage, "/rating-excel.csv?period=2023", "ministry")
    assert (alone.status_code, alone.text.partition("<main")[2].count(TITLE)) == (404, 1)
    assert "<p></p>" not in alone.text


async def test_a_municipality_without_a_score_is_not_said_to_count_procedures(stage: Stage):
    for told, says in ((SCORE, True), (SCORE | {"overall": {"state": "no_data"}}, False)):
        stage.answers = from_table(EVERYTHING | {f"/v1/scores/{OWN}": told | {"flags": [FLAG]}})
        answer = await seen(stage, f"/municipalities/{OWN}?period=2022", f"municipality:{OWN}")
        assert (answer.status_code, FLAGGED in answer.text) == (200, says)
