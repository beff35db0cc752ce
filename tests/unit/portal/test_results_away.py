"""Pages that cannot be without the service that they are about say that it is away, and lead to themselves."""

import re
from collections.abc import AsyncIterator
from html import escape, unescape

import httpx
import pytest

from tests.unit.portal.conftest import Stage
from tests.unit.portal.fake import OWN

PAGES = {
    "/results/new?procedure=vpr&period=2022": "Внести результат",
    "/results/r1?done=entered": "Результат",
    "/results/r1/correction": "Результат",
    "/results/r1/withdrawal": "Результат",
    f"/municipalities/{OWN}/what-if?period=2022": "Что будет, если",
}
CORRECTION = {"value-i1": "1,5", "kind": "values", "revision": "2", "key": "k2", "why": "Сверка"}


def silent(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectTimeout("silence", request=request)


@pytest.fixture
async def official(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody of the regional centre, by a token of their own."""
    async with stage.browser(headers={"Authorization": stage.token("regional_operator")}) as client:
        yield client


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("answer", [silent, lambda _: httpx.Response(503)])
async def test_a_page_says_which_service_is_away_and_leads_to_itself(
    stage: Stage, official: httpx.AsyncClient, path: str, answer: object
):
    stage.answers = answer
    shown = await official.get(path)
    assert shown.status_code == 503
    assert f"<h1>{PAGES[path]}</h1>" in shown.text
    assert "<strong>Часть сведений сейчас недоступна.</strong>" in shown.text
    assert "нет ответа" in shown.text
    assert f'<a href="{escape(path)}">Обновить страницу</a>' in shown.text


async def test_what_was_typed_is_sent_to_nobody_while_the_service_is_away_and_can_be_sent_again(
    stage: Stage, official: httpx.AsyncClient
):
    answer = await official.post("/results/r1/correction", data=CORRECTION | {"why": '"Сверка" <b>'})
    assert (answer.status_code, "<h1>Результат</h1>" in answer.text) == (503, True)
    kept = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.text))
    assert {name: unescape(value) for name, value in kept.items()} == CORRECTION | {"why": '"Сверка" <b>'}
    assert '<form method="post" action="/results/r1/correction"' in answer.text
    assert {one.method for one in stage.asked} == {"GET"}
