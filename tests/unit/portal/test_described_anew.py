"""A result of a year whose indicators the catalogue no longer has, or did not have yet: none of its values is lost."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.unit.portal.conftest import Stage
from tests.unit.portal.fake import PROCEDURE, RESULT, Services, listed, monitoring, refused
from tests.unit.portal.test_results_pages import CORRECTION, sent

OLD: dict[str, Any] = {**RESULT, "values": {"i1": "1.5", "i2": None, "i3": "1"}}
FIRST = {**OLD, "revision": 1, "values": {"i1": "2", "i2": None, "i3": "2"}, "reason": None}
GONE = "i3 (в каталоге больше не описан)"


@pytest.fixture
async def official(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody of the regional centre, over a result that holds i3 where the catalogue has i1 and i2."""
    stage.answers = Services(monitoring(**answers()))
    headers = {"Authorization": stage.token("regional_operator"), "Accept": "text/html"}
    async with stage.browser(headers=headers) as client:
        yield client


def answers(**more: Any) -> dict[str, Any]:
    return {"result": httpx.Response(200, json=OLD), "revisions": listed(FIRST, OLD), **more}


async def test_a_correction_carries_the_value_of_an_indicator_that_is_described_no_more(
    stage: Stage, official: httpx.AsyncClient
):
    form = (await official.get("/results/r1/correction")).text
    assert 'id="value-i3" name="value-i3" type="text" value="1"' in form
    assert (GONE in form, "Оставьте как есть" in form, "От 0 до —" in form) == (True, True, False)
    await official.post("/results/r1/correction", data={**CORRECTION, "value-i3": "1"})
    assert sent(stage)[0] == {"values": {"i1": "1.5", "i2": None, "i3": "1"}, "reason": "Сверка"}


async def test_its_refusal_stands_at_its_field(stage: Stage, official: httpx.AsyncClient):
    wrong = refused(422, "invalid-result", ("/values/i3", "unknown-indicator"))
    stage.answers = Services(monitoring(**answers(revise=wrong)))
    text = (await official.post("/results/r1/correction", data={**CORRECTION, "value-i3": "2"})).text
    assert f'<a href="#value-i3">{GONE}: неверно: unknown-indicator.</a>' in text


async def test_revisions_are_compared_by_what_they_hold_too(official: httpx.AsyncClient):
    text = (await official.get("/results/r1")).text
    assert f'<tr class="changed"><th scope="row">{GONE}</th><td class="number" data-name="Наибольшее">—</td>' in text
    assert f"<li>{GONE}: 2</li>" in text
    assert f"<li>{GONE}: 1</li>" in text


async def test_an_indicator_without_a_value_that_is_described_no_more_is_not_asked_for(
    stage: Stage, official: httpx.AsyncClient
):
    stage.answers = Services(monitoring(result=httpx.Response(200, json={**OLD, "values": {"i1": "2", "i3": None}})))
    assert "i3" not in (await official.get("/results/r1/correction")).text


@pytest.mark.parametrize("act", ["correction", "withdrawal"])
async def test_without_the_catalogue_there_is_no_form_that_would_empty_the_values(
    stage: Stage, official: httpx.AsyncClient, act: str
):
    stage.answers = Services(monitoring(**answers(procedure=httpx.Response(503))))
    shown = await official.get(f"/results/r1/{act}")
    assert (shown.status_code, '<form method="post" action="/results' in shown.text) == (503, False)
    assert GONE not in (await official.get("/results/r1")).text


async def test_a_new_indicator_is_asked_for_with_its_bound(stage: Stage, official: httpx.AsyncClient):
    new = {"key": "i4", "name": "Новый", "maximum": "2"}
    described = httpx.Response(200, json={**PROCEDURE, "indicators": [*PROCEDURE["indicators"], new]})
    stage.answers = Services(monitoring(**answers(procedure=described)))
    form = (await official.get("/results/r1/correction")).text
    assert 'id="value-i4" name="value-i4" type="text" value=""' in form
    await official.post("/results/r1/correction", data={**CORRECTION, "value-i3": "1"})
    assert sent(stage)[0]["values"] == {"i1": "1.5", "i2": None, "i3": "1", "i4": None}
