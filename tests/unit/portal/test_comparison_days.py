"""A comparison with another day: what was not known then, and what has not come yet, is said where the day is asked."""

import re
from datetime import timedelta

import httpx
import pytest

from shared.calendar import day_of
from tests.unit.portal.conftest import Stage
from tests.unit.portal.fake import refused
from tests.unit.portal.made import OWN, PERIODS

COMPARE = f"/v1/scores/{OWN}/compare"


async def opened(stage: Stage, query: str, *, whose: str = OWN) -> httpx.Response:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/compare"):
            return refused(404, "period-not-found")
        return httpx.Response(200, json=PERIODS)

    stage.answers = answer
    async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
        return await browser.get(f"/municipalities/{whose}/compare?{query}")


async def test_a_day_before_the_data_is_said_beside_the_form(stage: Stage):
    answer = await opened(stage, "period=2022&on=2020-01-01")
    assert answer.status_code == 404
    assert re.search(r'<a href="#on">К началу этого дня \(1.января.2020\) данных ещё не было.</a>', answer.text)
    assert '<input id="on" name="on" type="date" value="2020-01-01"' in answer.text
    assert 'id="on-error"' in answer.text
    assert "Отказ" not in answer.text


async def test_a_day_that_has_not_come_is_refused_without_asking(stage: Stage):
    today = day_of(stage.now)
    answer = await opened(stage, f"period=2022&on={(today + timedelta(days=1)).isoformat()}")
    assert answer.status_code == 422
    assert '<a href="#on">Этот день ещё не наступил.</a>' in answer.text
    assert f'max="{today.isoformat()}"' in answer.text
    assert all(one.url.path != COMPARE for one in stage.asked)
    await opened(stage, f"period=2022&on={today.isoformat()}")
    assert stage.asked[-1].url.path == COMPARE


@pytest.mark.parametrize("field", ["with", "with_period"])
async def test_what_is_not_there_leaves_the_forms_standing(stage: Stage, field: str):
    answer = await opened(stage, f"period=2022&{field}=1999")
    assert answer.status_code == 404
    assert "Отказ." in answer.text
    assert 'id="on"' in answer.text


async def test_who_is_not_there_has_no_page(stage: Stage):
    for whose, period in (("74-nobody", "2022"), (OWN, "1999")):
        answer = await opened(stage, f"period={period}&on=2022-12-31", whose=whose)
        assert answer.status_code == 404
        assert 'id="on"' not in answer.text
