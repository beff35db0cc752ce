"""Entering, correcting and withdrawing: what is sent, what is refused where, and that a second click is the first."""

import json
import re
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.unit.portal.conftest import Stage
from tests.unit.portal.fake import OWN, PROCEDURE, RESULT, Services, listed, monitoring, refused

FORM = {"procedure": "vpr", "municipality": OWN, "period": "2022", "kind": "values", "key": "k1"}
VALUES = {"value-i1": "1,5", "value-i2": ""}
CORRECTION = {**VALUES, "kind": "values", "revision": "2", "key": "k2", "why": "Сверка"}


@pytest.fixture
async def official(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody of the regional centre, by a token of their own."""
    stage.answers = Services(monitoring())
    headers = {"Authorization": stage.token("regional_operator"), "Accept": "text/html"}
    async with stage.browser(headers=headers) as client:
        yield client


def sent(stage: Stage) -> tuple[dict[str, object], httpx.Headers]:
    request = next(one for one in stage.asked if one.method == "POST")
    return json.loads(request.content), request.headers


async def test_a_result_is_sent_as_the_services_take_it(stage: Stage, official: httpx.AsyncClient):
    answer = await official.post("/results/new", data={**FORM, **VALUES, "comment": " "})

    body, headers = sent(stage)
    assert (answer.status_code, answer.headers["location"]) == (303, "/results/r1?done=entered")
    assert body == {
        "procedure": "vpr", "subject": {"municipality": OWN}, "period": "2022", "source": "portal",
        "values": {"i1": "1.5", "i2": None},
    }  # fmt: skip
    assert headers["idempotency-key"] == "k1"


async def test_not_applicable_is_sent_with_its_reason_and_act(stage: Stage, official: httpx.AsyncClient):
    exempt = {"kind": "not_applicable", "reason": "Не участвовал", "act": "Приказ № 1", "day": "2022-11-01"}
    await official.post("/results/new", data={**FORM, **VALUES, **exempt})

    body, _ = sent(stage)
    assert body["not_applicable"] == {"reason": "Не участвовал", "act": "Приказ № 1"}
    assert body["occurred_at"] == "2022-11-01T00:00:00+05:00"
    assert "values" not in body


async def test_a_refusal_is_told_at_each_field_and_nothing_typed_is_lost(stage: Stage, official: httpx.AsyncClient):
    wrong = refused(422, "invalid-result", ("/values/i1", "out-of-range"), ("/values/i2", "not-a-number"))
    stage.answers = Services(monitoring(submit=wrong))
    answer = await official.post("/results/new", data={**FORM, "value-i1": "9", "value-i2": "много"})

    assert answer.status_code == 422
    assert '<a href="#value-i1">Охват: неверно: out-of-range.</a> Введите число от 0 до 2' in answer.text
    assert "Ошибка: </span>Неверно: out-of-range. Введите число от 0 до 2" in answer.text
    assert 'value="много"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "null" not in answer.text
    assert 'name="key" value="k1"' in answer.text


async def test_a_field_is_bounded_by_what_is_reported_not_by_the_points(stage: Stage, official: httpx.AsyncClient):
    share = {"key": "i1", "name": "Доля", "maximum": "0", "values": {"unit": "percent", "maximum": "100"}}
    described = listed({**PROCEDURE, "indicators": [share]})
    wrong = refused(422, "invalid-result", ("/values/i1", "out-of-range"))
    stage.answers = Services(monitoring(submit=wrong, procedures=described))
    answer = await official.post("/results/new", data={**FORM, "value-i1": "101"})

    assert answer.text.count("От 0 до 100") == 1
    assert "Введите число от 0 до 100; если данных нет" in answer.text


async def test_a_second_result_leads_to_the_one_that_is_there(stage: Stage, official: httpx.AsyncClient):
    stage.answers = Services(monitoring(submit=refused(409, "result-exists", result="r1"), results=listed(RESULT)))
    answer = await official.post("/results/new", data={**FORM, **VALUES})

    assert answer.status_code == 409
    assert 'href="/results/r1/correction"' in answer.text


async def test_what_is_there_is_found_behind_pages_of_schools(stage: Stage, official: httpx.AsyncClient):
    def results(request: httpx.Request) -> httpx.Response:
        school = {**RESULT, "id": "s1", "subject": {**RESULT["subject"], "organization": "s"}}
        return listed(RESULT) if request.url.params.get("cursor") else listed(school, next="further")

    stage.answers = Services(monitoring(results=results))
    answer = await official.get(f"/results/new?procedure=vpr&municipality={OWN}&period=2022")
    assert "Такой результат уже есть" in answer.text


async def test_what_is_there_already_is_said_before_the_form_is_filled(stage: Stage, official: httpx.AsyncClient):
    stage.answers = Services(monitoring(results=listed(RESULT)))
    answer = await official.get(f"/results/new?procedure=vpr&municipality={OWN}&period=2022")

    assert answer.status_code == 200
    assert "Такой результат уже есть" in answer.text
    assert "value-i1" not in answer.text


async def test_what_is_not_chosen_is_said_at_each_field(official: httpx.AsyncClient):
    answer = await official.get("/results/new?procedure=&municipality=&period=")

    assert answer.status_code == 422
    for field, words in (
        ("procedure", "Не выбрана процедура."),
        ("municipality", "Не выбран муниципалитет."),
        ("period", "Не назван период."),
    ):
        assert f'<a href="#{field}">{words}</a>' in answer.text
        assert f'aria-describedby="{field}-' in answer.text
    assert answer.text.count("Ошибка: </span>") == 3


@pytest.mark.parametrize("chosen", ["", "?procedure=vpr", f"?procedure=vpr&municipality={OWN}"])
async def test_a_choice_that_nobody_has_sent_yet_is_no_error(official: httpx.AsyncClient, chosen: str):
    answer = await official.get(f"/results/new{chosen}")
    assert (answer.status_code, 'class="errors"' in answer.text) == (200, False)


async def test_own_people_choose_no_municipality_and_miss_none(stage: Stage):
    stage.answers = Services(monitoring())
    async with stage.browser(headers={"Authorization": stage.token(f"municipality:{OWN}")}) as client:
        answer = await client.get("/results/new?procedure=&period=")
    assert answer.text.count("Ошибка: </span>") == 2
    assert "Не выбран муниципалитет" not in answer.text


async def test_a_refused_period_is_mended_in_the_same_form(stage: Stage, official: httpx.AsyncClient):
    wrong = refused(422, "invalid-result", ("/period", "unknown-period"))
    stage.answers = Services(monitoring(submit=wrong))
    answer = await official.post("/results/new", data={**FORM, **VALUES, "period": "22", "comment": "сверено"})

    assert answer.status_code == 422
    assert '<a href="#period">' in answer.text
    assert '<input id="period" name="period" type="text" value="22"' in answer.text
    assert f'<option value="{OWN}" selected>' in answer.text
    for typed in ('id="value-i1" name="value-i1" type="text" value="1,5"', "сверено", 'name="key" value="k1"'):
        assert typed in answer.text


async def test_the_choice_is_changed_without_losing_what_was_typed(stage: Stage, official: httpx.AsyncClient):
    answer = await official.post("/results/new", data={**FORM, **VALUES, "choose": "1"})

    assert answer.status_code == 200
    assert not any(one.method == "POST" for one in stage.asked)
    assert '<input id="period" name="period" type="text" value="2022"' in answer.text
    assert 'value="1,5"' in answer.text
    assert 'name="choose"' not in answer.text


async def test_what_was_typed_stays_where_the_period_is_taken_or_lost(stage: Stage, official: httpx.AsyncClient):
    stage.answers = Services(monitoring(submit=refused(409, "result-exists", result="r1"), results=listed(RESULT)))
    taken = await official.post("/results/new", data={**FORM, **VALUES})
    stage.answers = Services(monitoring(submit=refused(422, "invalid-result", ("/period", "too-short"))))
    lost = await official.post("/results/new", data={**FORM, **VALUES, "period": " "})

    assert (taken.status_code, lost.status_code) == (409, 422)
    for answer in (taken, lost):
        assert '<input id="period" name="period" type="text"' in answer.text
        assert 'value="1,5"' in answer.text


async def test_no_error_leads_to_a_field_that_is_not_there(stage: Stage):
    places = ("/procedure", "/subject", "/period", "/values/i1", "/comment")
    wrong = refused(422, "invalid-result", *((one, "wrong") for one in places))
    stage.answers = Services(monitoring(submit=wrong))
    for who in ("regional_operator", f"municipality:{OWN}"):
        async with stage.browser(headers={"Authorization": stage.token(who)}) as client:
            text = (await client.post("/results/new", data={**FORM, **VALUES})).text
        linked = set(re.findall(r'<li><a href="#([\w-]+)"', text))
        assert "period" in linked
        assert all(f'id="{one}"' in text for one in linked), linked


async def test_a_municipality_enters_only_its_own(stage: Stage):
    stage.answers = Services(monitoring())
    headers = {"Authorization": stage.token(f"municipality:{OWN}")}
    async with stage.browser(headers=headers) as client:
        await client.post("/results/new", data={**FORM, **VALUES, "municipality": "74-troitsky-go"})

    assert sent(stage)[0]["subject"] == {"municipality": OWN}


async def test_a_school_enters_results_about_itself(stage: Stage):
    stage.answers = Services(monitoring())
    async with stage.browser(headers={"Authorization": stage.token("organization:s1")}) as client:
        await client.post("/results/new", data={**FORM, **VALUES})

    assert sent(stage)[0]["subject"] == {"organization": "s1"}


async def test_a_school_is_called_by_its_name(stage: Stage):
    about = {**RESULT, "subject": {"organization": "s1"}}
    named = {
        "GET registry /v1/organizations/s1": httpx.Response(
            200, json={"id": "s1", "name": "Школа № 5", "municipality": None}
        )
    }
    stage.answers = Services({**monitoring(result=httpx.Response(200, json=about)), **named})
    async with stage.browser(headers={"Authorization": stage.token("organization:s1")}) as client:
        assert "Школа № 5" in (await client.get("/results/new")).text
        assert "Школа № 5" in (await client.get("/results/r1")).text
        assert "Школа № 5" in (await client.get("/results/r1/correction")).text


async def test_without_a_choice_nothing_is_sent(stage: Stage, official: httpx.AsyncClient):
    answer = await official.post("/results/new", data={})

    assert answer.status_code == 422
    assert "Не всё выбрано" in answer.text
    assert [one for one in stage.asked if one.method == "POST"] == []


async def test_a_silent_service_is_said_and_what_was_typed_stays(stage: Stage, official: httpx.AsyncClient):
    stage.answers = Services(monitoring(submit=httpx.Response(503)))
    answer = await official.post("/results/new", data={**FORM, **VALUES})

    assert answer.status_code == 503
    assert "сейчас недоступна" in answer.text or "недоступны" in answer.text
    assert 'value="1,5"' in answer.text


async def test_a_result_shows_its_last_two_revisions_side_by_side(official: httpx.AsyncClient):
    text = (await official.get("/results/r1?done=corrected")).text

    assert re.search(r'data-name="Было">2</td><td[^>]*data-name="Стало"><strong>1,5</strong>', text)
    assert "Исправление принято" in text
    assert text.count("<summary>") == 2


async def test_a_correction_goes_over_the_revision_that_was_read(stage: Stage, official: httpx.AsyncClient):
    answer = await official.post("/results/r1/correction", data=CORRECTION)

    body, headers = sent(stage)
    assert (answer.status_code, answer.headers["location"]) == (303, "/results/r1?done=corrected")
    assert body == {"values": {"i1": "1.5", "i2": None}, "reason": "Сверка"}
    assert (headers["if-match"], headers["idempotency-key"]) == ('"2"', "k2")


async def test_a_conflict_shows_both_and_the_next_try_is_over_what_holds_now(stage: Stage, official: httpx.AsyncClient):
    now = {**RESULT, "revision": 5, "values": {"i1": "0", "i2": "1"}}
    stale = refused(412, "stale-revision", revision=5)
    stage.answers = Services(monitoring(result=httpx.Response(200, json=now), revise=stale))
    answer = await official.post("/results/r1/correction", data=CORRECTION)

    assert answer.status_code == 412
    assert "Пока вы правили" in answer.text
    assert '<td class="number">0</td><td class="number">1,5</td>' in answer.text
    assert 'name="revision" value="5"' in answer.text
    assert 'name="key" value="k2"' not in answer.text


async def test_a_correction_without_a_reason_is_told_at_its_field(stage: Stage, official: httpx.AsyncClient):
    stage.answers = Services(monitoring(revise=refused(422, "invalid-result", ("/reason", "too-short"))))
    answer = await official.post("/results/r1/correction", data={**CORRECTION, "why": ""})

    assert answer.status_code == 422
    assert '<a href="#why">Не названа причина.</a>' in answer.text


async def test_what_changes_nothing_is_said_so(stage: Stage, official: httpx.AsyncClient):
    stage.answers = Services(monitoring(revise=httpx.Response(200, json=RESULT)))
    answer = await official.post("/results/r1/correction", data=CORRECTION)

    assert answer.headers["location"] == "/results/r1?done=unchanged"


async def test_a_withdrawal_says_so_with_its_reason(stage: Stage, official: httpx.AsyncClient):
    answer = await official.post("/results/r1/withdrawal", data={"revision": "2", "key": "k3", "why": "Не тот год"})

    assert answer.headers["location"] == "/results/r1?done=withdrawn"
    assert sent(stage)[0] == {"withdrawn": True, "reason": "Не тот год"}


async def test_a_result_that_is_not_there_or_not_for_this_reader_is_a_404(stage: Stage, official: httpx.AsyncClient):
    stage.answers = Services(monitoring(result=refused(404, "result-not-found")))

    assert (await official.get("/results/r1")).status_code == 404
    assert (await official.post("/results/r1/correction", data=CORRECTION)).status_code == 404


async def test_a_form_of_another_site_is_refused(stage: Stage, browser: httpx.AsyncClient):
    stage.answers = Services(monitoring())
    await stage.sign_in(browser, "regional_operator")
    page = await browser.get(f"/results/new?procedure=vpr&municipality={OWN}&period=2022")
    mark = re.search(r'name="form_mark" value="([0-9a-f]+)"', page.text)
    assert mark
    good = {**FORM, **VALUES, "form_mark": mark[1]}

    assert (await browser.post("/results/new", data={**good, "form_mark": ""})).status_code == 403
    foreign = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert (await browser.post("/results/new", data=good, headers=foreign)).status_code == 403
    assert (await browser.post("/results/new", data=good)).status_code == 303
