"""A recommendation's page: the next step is offered to whoever may take it, and a refusal keeps what was typed."""

import json
import re
from typing import Any

import httpx
import pytest

from services.portal.show.recommendation import BY_KEY, body_of
from tests.unit.portal.conftest import Stage
from tests.unit.portal.made import ADVICE, AT, OTHER, OWN, place

PATH = "/recommendations/a1"


def advice(state: str) -> dict[str, Any]:
    basis = {
        "group": "results",
        "score_revision": 2,
        "before": {"level": "high", "percent": 90},
        "after": {"level": "above_average", "percent": 76},
    }
    steps = [{"state": "issued", "at": AT, "role": "ministry", "on": None, "note": None}]
    told = {"municipality": place(OWN, "Златоустовский ГО"), "period": "2022", "revision": 3, "deadlines": []}
    return {**ADVICE, **told, "state": state, "basis": basis, "steps": steps, "text": "Первое.\n2. Второе."}


def serve(stage: Stage, state: str, refusal: httpx.Response | None = None) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return refusal or httpx.Response(200, json=advice("issued"))
        return httpx.Response(200, json=advice(state))

    stage.answers = answer


async def offered(stage: Stage, who: str, state: str) -> list[str]:
    serve(stage, state)
    async with stage.browser(headers={"Authorization": stage.token(who)}) as browser:
        answer = await browser.get(PATH)
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1
    return re.findall(rf'action="{PATH}/(\w+)"', answer.text)


@pytest.mark.parametrize(
    ("state", "by_ministry", "by_own"),
    [
        ("drafted", ["issue", "discard"], []),
        ("issued", [], ["consider"]),
        ("considered", [], ["accept", "decline"]),
        ("accepted", [], []),
        ("discarded", [], []),
    ],
)
async def test_the_next_step_is_offered_to_whoever_may_take_it(
    stage: Stage, state: str, by_ministry: list[str], by_own: list[str]
):
    assert await offered(stage, "ministry", state) == by_ministry
    assert await offered(stage, f"municipality:{OWN}", state) == by_own
    assert await offered(stage, f"municipality:{OTHER}", state) == []


async def test_each_step_says_whose_it_was(stage: Stage):
    step = {"state": "considered", "at": AT, "role": "municipality", "on": "2022-10-31", "note": "Совет"}
    told = advice("considered") | {"steps": [{**step, "state": "issued", "role": "ministry", "on": None}, step]}
    stage.answers = lambda _: httpx.Response(200, json=told)
    async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
        text = (await browser.get(PATH)).text
    steps = re.findall(r"<li>(.*?)</li>", text[text.index("Как шла работа") :])
    assert [step.partition(" <")[0] for step in steps] == ["Направлена (министерство)", "Рассмотрена (муниципалитет)"]
    assert "Рассматривает и отвечает адресат" in text


async def test_a_step_names_the_revision_that_was_read(stage: Stage, browser: httpx.AsyncClient):
    await stage.sign_in(browser, "ministry")
    serve(stage, "drafted")
    mark = re.search(r'name="form_mark" value="(\w+)"', (await browser.get(PATH)).text)
    assert mark is not None
    form = {"form_mark": mark[1], "revision": "3", "text": "Первое.\r\n2. Второе."}
    answer = await browser.post(f"{PATH}/issue", data=form)

    assert (answer.status_code, answer.headers["location"]) == (303, PATH)
    sent = stage.asked[-1]
    assert (sent.url.path, sent.headers["if-match"]) == ("/v1/recommendations/a1/issue", '"3"')
    assert sent.content == '{"text":"Первое.\\n2. Второе."}'.encode()


async def test_a_step_from_a_foreign_site_is_not_taken(stage: Stage, browser: httpx.AsyncClient):
    await stage.sign_in(browser, "ministry")
    serve(stage, "drafted")
    answer = await browser.post(f"{PATH}/issue", data={"revision": "3"})
    assert answer.status_code == 403
    assert all(one.method == "GET" for one in stage.asked)


async def test_a_refusal_is_linked_to_its_field_and_keeps_what_was_typed(stage: Stage):
    wrong = [{"pointer": "/reason", "code": "too-short", "message": "Нет причины.", "remedy": "Напишите её."}]
    problem = {"title": "Не принято", "detail": "Исправьте.", "code": "invalid-request", "errors": wrong}
    serve(stage, "considered", httpx.Response(422, json=problem))
    async with stage.browser(headers={"Authorization": stage.token(f"municipality:{OWN}")}) as browser:
        answer = await browser.post(f"{PATH}/decline", data={"revision": "3", "reason": " "})
    assert answer.status_code == 422
    assert '<a href="#reason-decline">Нет причины.</a>' in answer.text
    assert 'id="reason-decline-error"' in answer.text
    assert 'id="reason-accept-error"' not in answer.text


async def test_a_text_that_was_deleted_is_sent_as_nothing_and_comes_back_as_nothing(stage: Stage):
    """What the addressee reads is what the official saw last, never the draft that had been deleted."""
    wrong = [{"pointer": "/text", "code": "too-short", "message": "Поле не заполнено.", "remedy": "Заполните поле."}]
    problem = {"title": "Запрос не принят", "detail": "…", "code": "invalid-request", "errors": wrong}
    serve(stage, "drafted", httpx.Response(422, json=problem))
    async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
        answer = await browser.post(f"{PATH}/issue", data={"revision": "3", "text": " \r\n "})
    [sent] = [one for one in stage.asked if one.method == "POST"]
    assert json.loads(sent.content) == {"text": ""}
    assert answer.status_code == 422
    assert '<a href="#text">' in answer.text
    area = re.search(r'<textarea id="text"[^>]*>([^<]*)</textarea>', answer.text)
    assert area is not None
    assert not area[1].strip()


def test_an_optional_word_that_is_not_said_is_left_out():
    assert body_of(BY_KEY["accept"], {"reason": " "}) == {}
    assert body_of(BY_KEY["decline"], {"reason": " "}) == {"reason": ""}
    assert body_of(BY_KEY["consider"], {"meeting": "совет", "held_on": "2022-11-01"}) == {
        "meeting": "совет",
        "held_on": "2022-11-01",
    }


async def test_a_deadline_that_has_passed_stands_under_that_heading(stage: Stage):
    ahead = {"activity": "m1", "number": "2.1", "title": "Впереди", "due": "2100-01-31", "state": "open"}
    over = {"activity": "m2", "number": "2.2", "title": "Позади", "due": "2022-12-31", "state": "overdue"}
    told = advice("issued") | {"deadlines": [over, ahead]}
    stage.answers = lambda _: httpx.Response(200, json=told)
    async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
        text = (await browser.get(PATH)).text
        near, _, passed = text.partition("Сроки, которые уже прошли")
        assert ("Впереди" in near, "Позади" in near, "Позади" in passed) == (True, False, True)
        stage.answers = lambda _: httpx.Response(200, json=told | {"deadlines": [ahead]})
        assert "уже прошли" not in (await browser.get(PATH)).text


async def test_drafts_that_wait_are_listed(stage: Stage):
    asked: list[dict[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(dict(request.url.params))
        return httpx.Response(200, json={"items": [advice("drafted")], "next": "more"})

    stage.answers = answer
    async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
        text = (await browser.get("/recommendations?state=drafted")).text
        assert asked == [{"state": "drafted", "limit": "20"}]
        assert f'<a href="{PATH}">Златоустовский ГО: ' in text
        assert 'href="/recommendations?state=drafted&amp;cursor=more"' in text
        assert "Показаны первые: 1\N{NO-BREAK SPACE}рекомендация; есть ещё." in text
        assert '<a href="/recommendations" aria-current="page">Рекомендации</a>' in text
        stage.answers = lambda _: httpx.Response(200, json={"items": [], "next": None})
        assert "Рекомендаций пока нет" in (await browser.get("/recommendations?state=odd")).text
    async with stage.browser() as browser:
        assert (await browser.get("/recommendations")).status_code == 303
