"""What is chosen before a result is entered: only what can be accepted is offered, the rest is refused in words."""

import html
import json
import re

import httpx
import pytest

from tests.unit.portal.conftest import Stage
from tests.unit.portal.fake import OWN, PROCEDURE, Services, listed, monitoring, refused

OF_SCHOOLS = PROCEDURE | {"key": "climate", "name": "Климат в школе", "subject": "organization"}
OF_PLACES = PROCEDURE | {"key": "niko", "name": "НИКО", "subject": "municipality"}
STAFF = ["regional_operator", "ministry", f"municipality:{OWN}"]


async def opened(stage: Stage, who: str, query: str = "") -> httpx.Response:
    stage.answers = Services(monitoring(procedures=listed(PROCEDURE, OF_SCHOOLS, OF_PLACES)))
    async with stage.browser(headers={"Authorization": stage.token(who)}) as browser:
        return await browser.get(f"/results/new{query}")


@pytest.mark.parametrize(("who", "offered"), [*((one, "niko") for one in STAFF), ("organization:s1", "climate")])
async def test_only_procedures_of_the_visitors_kind_are_offered(stage: Stage, who: str, offered: str):
    text = (await opened(stage, who)).text
    found = [key for key in ("vpr", "climate", "niko") if f'<option value="{key}"' in text]
    assert found == ["vpr", offered]


@pytest.mark.parametrize("rest", ["", "&period=2022", "&period="])
@pytest.mark.parametrize("who", STAFF)
async def test_a_procedure_of_schools_is_refused_in_words(stage: Stage, who: str, rest: str):
    answer = await opened(stage, who, f"?procedure=climate&municipality={OWN}{rest}")
    assert answer.status_code == 422
    told = "«Климат в школе»: её результаты — о школах, и вносят их сами школы."
    assert f'<a href="#procedure">{told}</a> Выберите другую процедуру.' in answer.text
    assert "Не выбрана процедура" not in answer.text
    assert ("Не назван период" in answer.text) == (rest == "&period=")


async def test_a_school_is_told_which_procedures_are_not_its_own(stage: Stage):
    answer = await opened(stage, "organization:s1", "?procedure=niko&period=2022")
    assert answer.status_code == 422
    assert "«НИКО»: её результаты — о муниципалитетах, школы их не вносят." in answer.text


async def test_the_first_step_names_everything_that_is_wrong_at_once(stage: Stage):
    answer = await opened(stage, "ministry", "?procedure=&municipality=&period=20x")
    for field, words in (
        ("procedure", "Не выбрана процедура."),
        ("municipality", "Не выбран муниципалитет."),
        ("period", "Такого периода нет."),
    ):
        assert f'<a href="#{field}">{words}</a>' in answer.text


async def test_a_wrong_choice_is_refused_beside_wrong_values(stage: Stage):
    wrong = ("/period", "unknown-period"), ("/comment", "too-long"), ("/values/i2", "not-a-number")
    stage.answers = Services(monitoring(submit=refused(422, "invalid-result", *wrong, ("/values/i1", "out-of-range"))))
    form = {"procedure": "vpr", "municipality": OWN, "period": "20x", "value-i1": "9", "value-i2": "много", "key": "k"}
    async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
        answer = await browser.post("/results/new", data=form)
    [sent] = [one for one in stage.asked if one.method == "POST"]
    assert json.loads(sent.content)["period"] == "20x"
    places = [answer.text.index(f'<li><a href="#{one}">') for one in ("period", "value-i1", "value-i2", "comment")]
    assert places == sorted(places)


async def test_another_procedure_is_chosen_without_choosing_the_rest_again(stage: Stage):
    page = (await opened(stage, "ministry", f"?procedure=vpr&municipality={OWN}&period=2022")).text
    [query] = re.findall(r'href="/results/new(\?[^"]*)">Выбрать другую', page)
    page = (await opened(stage, "ministry", html.unescape(query))).text
    assert f'<option value="{OWN}" selected>' in page
    assert re.search(r'name="period"[^>]* value="2022"', page)
    assert 'id="errors"' not in page, "nothing is wrong with a choice that is not made yet"
