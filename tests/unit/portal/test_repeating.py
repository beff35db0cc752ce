"""A form whose answer was lost comes back with its own key, so that pressing again counts once."""

import re
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from services.portal.clients import Answer
from services.portal.pages.repeating import key_again
from tests.unit.portal import fake
from tests.unit.portal.conftest import Stage
from tests.unit.portal.fake import OWN, monitoring
from tests.unit.portal.test_activities import activity
from tests.unit.portal.test_editions import answering, edition

VALUES = {"value-i1": "1", "value-i2": ""}
FORMS: list[tuple[str, str, Mapping[str, str]]] = [
    ("/results/new", f"municipality:{OWN}", {"procedure": "vpr", "period": "2022", **VALUES}),
    ("/results/r1/correction", f"municipality:{OWN}", {"revision": "2", "why": "Сверка", **VALUES}),
    ("/results/r1/withdrawal", f"municipality:{OWN}", {"revision": "2", "why": "Сверка"}),
    ("/editions", "ministry", {"period": "2022", "reply_until": "2100-01-01"}),
    ("/editions/2022-1/objections", f"municipality:{OWN}", {"about": "procedure:vpr", "text": "т", "evidence": "о"}),
    ("/editions/2022-1/objections/2022-1-1/answer", "regional_operator", {"decision": "declined", "reason": "п"}),
    ("/analytics", "regional_operator", {"procedure": "vpr", "period": "2022"}),
    ("/activities/region-2022%3A4/evidence", f"municipality:{OWN}", {"revision": "5", "text": "Сделано"}),
]
PROBLEM = {"code": "idempotency-key-reused", "title": "Ключ идемпотентности", "detail": "Возьмите новый ключ."}


def losing(posted: httpx.Response) -> Any:
    """Services that answer every question, and every form with this."""
    editions = answering(edition(), posted)
    doors = fake.Services(monitoring())
    lists = {"/v1/editions", "/v1/periods", "/v1/analytics-documents"}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return posted
        if request.url.path in lists:
            return fake.listed()
        if request.url.path.startswith("/v1/activities/"):
            return httpx.Response(200, json=activity(evidence=[], declined=None))
        asked: httpx.Response = (editions if request.url.path.startswith("/v1/editions/") else doors)(request)
        return asked

    return answer


async def sent_twice(
    stage: Stage, posted: httpx.Response, form: tuple[str, str, Mapping[str, str]]
) -> list[str | None]:
    """The keys that the service saw: of the form, then of the very form that came back, sent again."""
    address, who, fields = form
    stage.answers = losing(posted)
    async with stage.browser(headers={"Authorization": stage.token(who)}) as browser:
        answer = await browser.post(address, data={**fields, "key": "first-key"})
        # Only that form: a page may bear several.
        [shown] = re.findall(rf'<form method="post" action="{address}".*?</form>', answer.text, re.DOTALL)
        await browser.post(address, data={**fields, "key": re.findall(r'name="key" value="([^"]*)"', shown)[0]})
    return [one.headers.get("idempotency-key") for one in stage.asked if one.method == "POST"]


@pytest.mark.parametrize("form", FORMS, ids=[path for path, _, _ in FORMS])
async def test_a_form_whose_answer_was_lost_is_sent_again_under_its_key(
    stage: Stage, form: tuple[str, str, Mapping[str, str]]
):
    assert await sent_twice(stage, httpx.Response(503), form) == ["first-key", "first-key"]


@pytest.mark.parametrize("form", FORMS, ids=[path for path, _, _ in FORMS])
async def test_a_form_that_was_refused_keeps_its_key_too(stage: Stage, form: tuple[str, str, Mapping[str, str]]):
    assert await sent_twice(stage, fake.refused(422, "wrong"), form) == ["first-key", "first-key"]


@pytest.mark.parametrize("form", FORMS, ids=[path for path, _, _ in FORMS])
async def test_what_differs_from_what_went_through_is_a_request_of_its_own(
    stage: Stage, form: tuple[str, str, Mapping[str, str]]
):
    first, second = await sent_twice(stage, httpx.Response(409, json=PROBLEM), form)
    assert first == "first-key"
    assert second not in {None, "", "first-key"}


async def test_that_it_went_through_is_said_in_words_about_the_form(stage: Stage):
    address, who, fields = FORMS[4]
    stage.answers = losing(httpx.Response(409, json=PROBLEM, headers={"content-type": "application/problem+json"}))
    async with stage.browser(headers={"Authorization": stage.token(who)}) as browser:
        answer = await browser.post(address, data={**fields, "key": "k"})
    assert answer.status_code == 409
    assert "Эта форма уже принята с другим содержанием" in answer.text
    assert "Возьмите новый ключ" not in answer.text


def test_a_form_without_a_key_gets_one():
    assert key_again("", Answer("scoring", "", 503))
