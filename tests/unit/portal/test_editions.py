"""The pages of editions: what each reader is offered, what is sent, how a refusal comes back, the bytes of files."""

import json
from typing import Any

import httpx
import pytest

from services.portal.show.editions import address_of, size_words
from services.portal.show.objections import answer_body, objection_body
from tests.unit.portal.conftest import Stage
from tests.unit.portal.editions import OBJECTION, answering, edition, offered, page
from tests.unit.portal.fake import OWN

PROBLEM = {
    "code": "invalid-objection", "title": "Возражение не принято", "detail": "Показателя нет.",
    "errors": [{"pointer": "/indicator", "code": "unknown-indicator", "message": "«i9» в методике нет.", "remedy": ""}],
}  # fmt: skip

DECLINED = OBJECTION | {"id": "2022-1-3", "state": "declined", "settled": True, "reason": "Учтено"}


async def test_a_municipality_is_offered_to_object_and_nothing_else(stage: Stage):
    text = await page(stage, f"municipality:{OWN}", edition())
    assert ("Общий итог" in text, text.count("Общая оценка")) == (False, 4), "earlier formats call it otherwise"
    assert 'action="/editions/2022-1/objections"' in text
    assert '<option value="procedure:vpr">ВПР</option>' in text
    assert "Зафиксировать" not in text
    assert 'answer"' not in text


async def test_a_table_says_what_counts_without_permission(stage: Stage):
    text = await page(stage, None, edition())
    assert "не разрешена: ВПР (письмо № 9)." in text


async def test_the_operator_answers_and_the_ministry_also_freezes(stage: Stage):
    operator = await page(stage, "regional_operator", edition())
    assert 'action="/editions/2022-1/objections/2022-1-1/answer"' in operator
    assert 'action="/editions/2022-1/freeze"' not in operator
    over = edition(reply_until="2023-02-10", replies_end="2023-02-11T00:00:00+05:00")
    assert 'action="/editions/2022-1/freeze"' in await page(stage, "ministry", over, DECLINED)
    early = await page(stage, "ministry", edition())
    assert 'action="/editions/2022-1/freeze"' not in early, "nobody ticks that the time is over while it runs"
    assert "Можно будет, когда истечёт срок возражений" in early
    assert 'action="/editions/2022-1/publish"' in await page(stage, "ministry", edition("frozen"))


async def test_the_public_sees_act_and_files_with_their_sizes(stage: Stage):
    files = [{"name": "rating.pdf", "size": 250_000}, {"name": "vpr.csv", "size": 900}]
    act = {"number": "01-14", "date": "2023-02-20"}
    text = await page(stage, None, edition("published", files=files, act=act))
    assert "№ 01-14 от 20\N{NO-BREAK SPACE}февраля\N{NO-BREAK SPACE}2023" in text
    typed_whole = await page(stage, None, edition("published", act=act | {"number": "приказ № 5"}))
    assert "Акт</dt><dd>приказ № 5 от" in typed_whole
    assert "PDF, 244\N{NO-BREAK SPACE}КБ" in text
    assert "Таблица «ВПР»" in text
    assert "Возражений" not in text


async def test_an_objection_names_its_indicator_as_the_form_did(stage: Stage):
    for state in ("draft", "published"):
        text = await page(stage, "ministry", edition(state))
        assert "<h3>Златоустовский ГО: ВПР: Объективность</h3>" in text
    unknown = await page(stage, "ministry", edition(), OBJECTION | {"indicator": "i9"})
    assert "<h3>Златоустовский ГО: ВПР, показатель i9</h3>" in unknown


async def test_when_the_time_is_over_the_form_is_gone(stage: Stage):
    over = edition(reply_until="2023-02-10", replies_end="2023-02-11T00:00:00+05:00")
    text = await page(stage, f"municipality:{OWN}", over)
    assert "Срок возражений истёк" in text
    assert 'action="/editions/2022-1/objections"' not in text


async def test_the_form_of_a_correction_begins_with_the_reason_that_was_given(stage: Stage):
    accepted = OBJECTION | {"state": "accepted", "reason": "Класс 9Б не учтён"}
    text = await page(stage, "regional_operator", edition(), accepted)
    assert 'name="reason" value="Класс 9Б не учтён"' in text
    assert '<option value="declined"' not in text


async def test_what_a_withdrawal_left_open_is_shown_as_closed(stage: Stage):
    gone = {"settled": True, "closed_at": "2023-02-03T09:00:00+00:00"}
    open_one = OBJECTION | gone | {"state": "closed"}
    accepted = OBJECTION | gone | {"id": "2022-1-2", "state": "accepted"}
    text = await page(stage, "regional_operator", edition("withdrawn"), open_one, accepted)
    assert "Закрыто: редакция отозвана." in text
    assert "Принято, редакция отозвана." in text
    assert "/answer" not in text


async def test_the_reason_of_a_step_begins_a_sentence_and_is_else_as_it_was_written(stage: Stage):
    step = {"state": "withdrawn", "by": "ministry", "at": "2023-02-01T09:00:00+00:00", "reason": "ошибка в ВПР"}
    assert "Ошибка в ВПР</li>" in await page(stage, "ministry", edition("withdrawn", history=[step]))


async def test_before_a_freeze_is_confirmed_it_is_shown_whose_score_it_changes(stage: Stage):
    over = edition(reply_until="2023-02-10", replies_end="2023-02-11T00:00:00+05:00")
    text = " ".join((await page(stage, "ministry", over, DECLINED)).replace("\N{NO-BREAK SPACE}", " ").split())
    assert "без принятого возражения изменились оценки: 1." in text
    assert "72,5 из 95, 76 %" in text
    assert text.index('id="changes"') < text.index('id="confirm-freeze"')
    assert 'id="changes"' not in await page(stage, "regional_operator", over, DECLINED)
    assert 'id="changes"' not in await page(stage, "ministry", over), "an objection waits"
    assert 'id="changes"' not in await page(stage, "ministry", edition()), "it cannot be frozen yet"


async def test_a_freeze_is_not_offered_while_an_objection_is_not_settled(stage: Stage):
    over = edition(reply_until="2023-02-10", replies_end="2023-02-11T00:00:00+05:00")
    accepted = OBJECTION | {"id": "2022-1-2", "state": "accepted"}
    text = await page(stage, "ministry", over, OBJECTION, accepted, DECLINED)
    assert 'action="/editions/2022-1/freeze"' not in text
    waits = text[text.index('<ul id="waiting">') :].partition("</ul>")[0]
    assert '<a href="#objection-2022-1-1">№ 2022-1-1</a>, Златоустовский ГО: ждёт ответа' in waits
    told = "Златоустовский ГО: принято, исправление не записано"
    assert f'<a href="#objection-2022-1-2">№ 2022-1-2</a>, {told}' in waits
    assert waits.count("<li>") == 2
    assert all(f'id="objection-2022-1-{number}"' in text for number in (1, 2))
    assert "исправления записаны" in await page(stage, "ministry", over, DECLINED)


async def test_an_objection_is_about_something_that_is_chosen_by_its_name(stage: Stage):
    text = await page(stage, f"municipality:{OWN}", edition())
    assert offered(text, "about") == ["", "group:overall", "procedure:vpr", "procedure:vpr:i1", "procedure:vpr:i2"]
    assert ">ВПР: Охват</option>" in text
    assert objection_body({"about": "group:overall", "text": "Нет", "evidence": "№ 1"}) == {
        "group": "overall", "text": "Нет", "evidence": "№ 1",
    }  # fmt: skip


async def test_a_correction_is_chosen_among_what_was_recorded_since_the_draft(stage: Stage):
    text = await page(stage, "regional_operator", edition())
    assert offered(text, "correction-answer-") == ["", "result:3:r:1", "act:new", "act:gone"]
    asked = next(one for one in stage.asked if one.url.path == "/v1/results")
    assert dict(asked.url.params) == {
        "period": "2022", "municipality": OWN, "procedure": "vpr", "changed_after": "2023-02-01T09:00:00+00:00",
        "limit": "200",
    }  # fmt: skip
    group = await page(stage, "regional_operator", edition(), OBJECTION | {"procedure": None, "group": "results"})
    assert "result:3:r:1" in offered(group, "correction-answer-")
    other = await page(stage, "regional_operator", edition(), OBJECTION | {"procedure": "ege"})
    assert "не записано" in other
    settled = await page(stage, "regional_operator", edition(), OBJECTION | {"settled": True, "state": "declined"})
    assert '<select id="correction' not in settled


async def test_a_refused_objection_comes_back_with_what_was_typed(stage: Stage):
    stage.answers = answering(edition(), httpx.Response(422, json=PROBLEM))
    form = {"about": "procedure:vpr:i9", "text": "Не все классы", "evidence": "протокол"}
    async with stage.browser(headers={"Authorization": stage.token(f"municipality:{OWN}")}) as browser:
        answer = await browser.post("/editions/2022-1/objections", data=form)
    sent = next(one for one in stage.asked if one.method == "POST")
    assert json.loads(sent.content) == {
        "procedure": "vpr", "indicator": "i9", "text": "Не все классы", "evidence": "протокол",
    }  # fmt: skip
    assert answer.status_code == 422
    assert '<a href="#about">' in answer.text
    assert "Не все классы</textarea>" in answer.text


async def test_nothing_is_published_unconfirmed(stage: Stage):
    stage.answers = answering(edition("frozen"))
    form = {"number": "1", "date": "2023-02-20", "revision": "3"}
    async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
        unsure = await browser.post("/editions/2022-1/publish", data=form)
        assert {one.method for one in stage.asked} == {"GET"}, "only the page itself was asked for"
        sure = await browser.post("/editions/2022-1/publish", data=form | {"confirm": "1"})
    assert (unsure.status_code, 'href="#confirm-publish"' in unsure.text) == (422, True)
    sent = next(one for one in stage.asked if one.method == "POST")
    assert (sent.headers["if-match"], json.loads(sent.content)) == (
        '"3"', {"act": {"number": "1", "date": "2023-02-20"}},
    )  # fmt: skip
    assert (sure.status_code, sure.headers["location"]) == (303, "/editions/2022-1")


async def test_an_objection_is_answered_only_by_a_decision_that_somebody_chose(stage: Stage):
    untouched = {"decision": "", "reason": "Класс 9Б", "correction": ""}
    door = "/editions/2022-1/objections/2022-1-1/answer"
    stage.answers = answering(edition())
    async with stage.browser(headers={"Authorization": stage.token("regional_operator")}) as browser:
        offered = (await browser.get("/editions/2022-1")).text
        answers = [await browser.post(door, data=form) for form in (untouched, {"reason": "Класс 9Б"})]
        assert all(one.method == "GET" for one in stage.asked), "nothing was sent on"
        chosen = await browser.post(door, data=untouched | {"decision": "accepted"})
    assert '<option value="">Выберите</option>' in offered
    assert "selected" not in offered[offered.index('id="decision-answer-') :].partition("</select>")[0]
    for one in answers:
        assert (one.status_code, 'href="#decision-answer-2022-1-1"' in one.text) == (422, True)
        assert 'value="Класс 9Б"' in one.text
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/editions/2022-1#objection-2022-1-1")


async def test_a_file_is_given_byte_for_byte(stage: Stage):
    canonical = b'{"b":1,"a":2}'
    stage.answers = lambda _: httpx.Response(200, content=canonical, headers={"content-type": "application/json"})
    async with stage.browser() as browser:
        answer = await browser.get("/editions/2022-1/files/content.json")
    assert (answer.content, answer.headers["content-type"]) == (canonical, "application/json")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("vpr.csv", ("content", {"format": "csv", "group": "vpr"})),
        ("rating.pdf", ("content", {"format": "pdf"})),
        ("passport.csv", ("passport", {"format": "csv"})),
        ("manifest.jws", ("manifest", {})),
    ],
)
def test_a_file_is_asked_for_where_it_is(name: str, expected: tuple[str, dict[str, str]]):
    assert address_of(name) == expected


def test_sizes_are_told_as_people_read_them():
    told = [size_words(size).replace("\N{NO-BREAK SPACE}", " ") for size in (None, 10, 250_000, 1_400_000)]
    assert told == ["", "1 КБ", "244 КБ", "1,3 МБ"]


@pytest.mark.parametrize(
    ("form", "correction"),
    [
        ({"correction": "result:2:r:1"}, {"result": "r:1", "revision": 2}),
        ({"correction": "act:a7"}, {"applicability": "a7"}),
        ({"correction": "odd"}, None),
        ({}, None),
    ],
)
def test_a_correction_is_a_result_or_an_applicability_act(form: dict[str, str], correction: dict[str, Any] | None):
    assert answer_body({"decision": "accepted", **form}).get("correction") == correction
