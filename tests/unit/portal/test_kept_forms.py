"""What an official typed outlives the session in which it was typed, and stays nobody else's."""

import re
from collections.abc import Mapping
from datetime import timedelta
from html import escape, unescape

import httpx
import pytest

from tests.unit.portal.conftest import PORTAL, Stage
from tests.unit.portal.editions import answering, edition
from tests.unit.portal.fake import OWN, Services, monitoring
from tests.unit.portal.test_signin import away

TEXT = 'Набрано «долго» <b>&amp;"'
OWNER = f"municipality:{OWN}"
Form = tuple[str, str, Mapping[str, str]]
FORMS: list[Form] = [
    ("/recommendations/a1/issue", "ministry", {"revision": "3", "text": TEXT}),
    ("/results/new", OWNER, {"procedure": "vpr", "period": "2022", "value-i1": "1", "comment": TEXT, "key": "k"}),
    ("/results/r1/correction", OWNER, {"revision": "2", "value-i1": "1", "why": TEXT, "key": "k"}),
    ("/results/r1/withdrawal", OWNER, {"revision": "2", "why": TEXT, "key": "k"}),
    ("/editions", "ministry", {"period": "2022", "reply_until": "2100-01-01", "title": TEXT, "key": "k"}),
    ("/editions/e1/objections", OWNER, {"about": "procedure:vpr", "text": TEXT, "evidence": "о", "key": "k"}),
    ("/editions/e1/objections/o1/answer", "regional_operator", {"decision": "declined", "reason": TEXT, "key": "k"}),
    ("/editions/e1/withdraw", "ministry", {"confirm": "yes", "revision": "1", "reason": TEXT}),
    ("/analytics", "ministry", {"procedure": "vpr", "period": "2022", "reason": TEXT, "key": "k"}),
    ("/analytics/d1/sections/methods", "ministry", {"text-methods": TEXT, "revision": "1", "was-methods": "w"}),
    ("/operations/scoring/discard/g%7C5", "ministry", {"reason": TEXT}),
]
ADVICE, CORRECTION, NEW_DRAFT, OBJECTION = FORMS[0], FORMS[2], FORMS[4], FORMS[5]
each_form = pytest.mark.parametrize("form", FORMS, ids=[path for path, *_ in FORMS])


def kept(page: str) -> dict[str, str]:
    """What the page would send again."""
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.partition("<main")[2])
    return {unescape(name): unescape(value) for name, value in fields}


async def begun(stage: Stage, browser: httpx.AsyncClient, form: Form) -> dict[str, str]:
    """The fields of a form that somebody who is signed in has open."""
    _, who, fields = form
    stage.answers = Services(monitoring())
    await stage.sign_in(browser, who)
    sessions = stage.app.state.uses.sessions
    return {**fields, "form_mark": sessions.mark(sessions.read(browser.cookies["rsoko-8000"]))}


def written(stage: Stage) -> list[bytes]:
    return [one.content for one in stage.asked if one.method != "GET"]


@each_form
async def test_a_form_sent_after_the_session_ended_stays_and_is_sent_again(
    stage: Stage, browser: httpx.AsyncClient, form: Form
):
    path, who, _ = form
    fields = await begun(stage, browser, form)
    stage.now += timedelta(hours=2)
    answer = await browser.post(path, data=fields, headers={"Origin": PORTAL, "Sec-Fetch-Site": "same-origin"})

    assert (answer.status_code, kept(answer.text)) == (401, fields)
    assert f'<form method="post" action="{path}"' in answer.text
    assert '<a href="/login?next=%2F" target="_blank" rel="noopener">' in answer.text
    assert "no-store" in answer.headers["cache-control"]
    assert written(stage) == []

    again = await browser.post(path, data=kept(answer.text))
    assert (again.status_code, kept(again.text)) == (401, fields), "the cookie is gone, what was typed is not"
    await stage.sign_in(browser, who)
    await browser.post(path, data=kept(again.text))
    assert len(written(stage)) == 1
    assert "долго".encode() in written(stage)[0]


async def test_what_is_kept_is_what_was_sent_and_nothing_of_the_person(stage: Stage, browser: httpx.AsyncClient):
    path, *_ = ADVICE
    fields = await begun(stage, browser, ADVICE)
    named = await browser.get("/recommendations")
    assert "Выйти" in named.text
    stage.now += timedelta(hours=2)
    sessions = stage.app.state.uses.sessions
    another = sessions.mark(sessions.begin("t", "another", 1))
    answer = await browser.post(path, data=fields | {"form_mark": another})
    assert kept(answer.text)["form_mark"] == another
    assert fields["form_mark"] not in answer.text, "no mark is given to whoever asks"
    assert "<b>" not in answer.text
    assert ("Выйти" in answer.text, ">Войти</a>" in answer.text) == (False, False)


async def test_what_is_sent_from_elsewhere_is_neither_kept_nor_shown(stage: Stage, browser: httpx.AsyncClient):
    path, *_ = ADVICE
    fields = await begun(stage, browser, ADVICE)
    stage.now += timedelta(hours=2)
    for told in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
        answer = await browser.post(path, data=fields, headers=told)
        assert (answer.status_code, "долго" in answer.text) == (303, False), told


async def test_a_form_of_somebody_else_is_refused_also_when_it_is_sent_again(stage: Stage, browser: httpx.AsyncClient):
    path, *_ = ADVICE
    fields = await begun(stage, browser, ADVICE)
    stage.now += timedelta(hours=2)
    answer = await browser.post(path, data=fields)
    await stage.sign_in(browser, "regional_operator")
    again = await browser.post(path, data=kept(answer.text))
    assert (again.status_code, "Форма устарела" in again.text) == (403, True)
    for mark in ("", "ы", fields["form_mark"][:-1]):
        assert (await browser.post(path, data=fields | {"form_mark": mark})).status_code == 403
    assert written(stage) == []


async def test_a_form_that_was_open_while_another_tab_signed_in_again_is_taken(
    stage: Stage, browser: httpx.AsyncClient
):
    path, who, _ = ADVICE
    fields = await begun(stage, browser, ADVICE)
    first = browser.cookies["rsoko-8000"]
    stage.now += timedelta(minutes=50)
    await stage.sign_in(browser, who)
    assert browser.cookies["rsoko-8000"] != first
    await browser.post(path, data=fields)
    assert len(written(stage)) == 1


PLAIN, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{mark}&text=" + b"a" * 1_100_000, PLAIN),
        (b"{mark}" + b"&a=1" * 1_000, PLAIN),
        (b"a={mark}&text=a", PLAIN),
        (b"form_mark=" + b"a" * 128 + b"&text=a", PLAIN),
        (b"form_mark=&text=a", PLAIN),
        (b"text=a", PLAIN),
        (b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n&{mark}&\r\n--b--\r\n', PARTS),
        (b'{"text": "&{mark}&"}', "application/json"),
        (b"{mark}", PLAIN),
        (b"", PLAIN),
    ],
    ids=[
        "too large",
        "too many",
        "no mark's name",
        "no mark",
        "empty mark",
        "unmarked",
        "parts",
        "json",
        "bare",
        "none",
    ],
)
async def test_what_no_form_of_ours_is_is_not_kept(stage: Stage, browser: httpx.AsyncClient, body: bytes, kind: str):
    sessions = stage.app.state.uses.sessions
    mark = sessions.mark(sessions.begin("t", "somebody", 1)).encode()
    told = body.replace(b"{mark}", b"form_mark=" + mark)
    answer = await browser.post("/analytics", content=told, headers={"Content-Type": kind})
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=%2F")


async def test_a_form_stays_also_while_nobody_can_check_who_sent_it(stage: Stage, browser: httpx.AsyncClient):
    path, *_ = ADVICE
    fields = await begun(stage, browser, ADVICE)
    away(stage)
    answer = await browser.post(path, data=fields)
    assert (answer.status_code, kept(answer.text)) == (503, fields)
    assert "/login" not in answer.text.partition("<main")[2]
    stage.now += timedelta(hours=2)
    ended = await browser.post(path, data=fields)
    assert (ended.status_code, kept(ended.text)) == (401, fields)


async def test_a_form_stays_where_a_service_believes_the_token_no_more(stage: Stage, browser: httpx.AsyncClient):
    path, *_ = ADVICE
    fields = await begun(stage, browser, ADVICE)
    problem = {"code": "token-expired", "title": "Токен не принят", "detail": "Срок истёк."}
    stage.answers = lambda _: httpx.Response(401, json=problem)
    answer = await browser.post(path, data=fields)
    assert (answer.status_code, kept(answer.text)) == (401, fields)


@pytest.mark.parametrize(
    ("sent_to", "page"),
    [
        ("/recommendations/a1/issue", "/recommendations/a1"),
        ("/editions/e1/objections/o1/answer?x=1", "/editions/e1"),
        ("/editions/e1/freeze", "/editions/e1"),
        ("/analytics/d1/sections/methods", "/analytics/d1"),
        ("/operations/scoring/redrive/a/b", "/operations"),
        ("/inbox/i1/read", "/inbox"),
        ("/results/r1/correction?x=1", "/results/r1/correction?x=1"),
        ("/no/such?page=1", "/no/such?page=1"),
    ],
)
async def test_signing_in_ends_at_a_page_that_can_be_opened(
    stage: Stage, browser: httpx.AsyncClient, sent_to: str, page: str
):
    """A form that was refused is shown at the address that it was sent to; that is opened by nobody."""
    led = await browser.post("/inbox/read", headers={"Referer": f"{PORTAL}{sent_to}"})
    assert httpx.URL(led.headers["location"]).params["next"] == page
    back = await stage.sign_in(browser, "ministry", to=sent_to)
    assert back.headers["location"] == page


@pytest.mark.parametrize(
    ("sent_to", "page"),
    [
        ("/recommendations/a1/issue", "/recommendations/a1"),
        ("/editions/e1/objections", "/editions/e1"),
        ("/analytics/d%20%D1%8F/finish?x=1", "/analytics/d%20%D1%8F"),
        ("/inbox/i1/read", "/inbox"),
    ],
)
async def test_a_refused_form_that_is_opened_again_leads_to_its_page(stage: Stage, sent_to: str, page: str):
    """Its address stays in the line of the browser, which asks for it when it is told to go there again."""
    async with stage.browser() as browser:
        opened = await browser.get(sent_to)
        told = await browser.get(sent_to, headers={"Accept": "application/json"})
        odd = await browser.delete(sent_to)
    assert (opened.status_code, opened.headers["location"]) == (303, page)
    assert (told.status_code, odd.status_code) == (405, 405), "what is no browser's way is told so"


async def test_a_mark_is_of_the_person_and_of_the_issuer(stage: Stage):
    sessions = stage.app.state.uses.sessions
    marks = [
        sessions.mark(sessions.begin(token, subject, 1)) for token, subject in (("a", "x"), ("b", "x"), ("a", "y"))
    ]
    assert marks[0] == marks[1] != marks[2]
    sessions._issuer = "https://other.example"
    assert sessions.mark(sessions.begin("a", "x", 1)) != marks[0]


async def test_a_page_of_an_edition_without_its_content_keeps_the_form(stage: Stage):
    """The edition is there, what its tables are made of is not."""
    path, who, fields = OBJECTION
    editions = answering(edition(), httpx.Response(503))
    stage.answers = lambda one: httpx.Response(503) if one.url.path.endswith("/content") else editions(one)
    async with stage.browser(headers={"Authorization": stage.token(who)}) as browser:
        answer = await browser.post(path, data=fields)
    assert (answer.status_code, kept(answer.text)) == (503, dict(fields))


async def test_a_new_draft_keeps_its_period_though_the_list_of_periods_did_not_come(stage: Stage):
    path, who, fields = NEW_DRAFT
    async with stage.browser(headers={"Authorization": stage.token(who)}) as browser:
        answer = await browser.post(path, data=fields)
    assert (answer.status_code, '<option value="2022" selected>' in answer.text) == (503, True)
    assert escape(TEXT).replace("&quot;", "&#34;") in answer.text


@pytest.mark.parametrize("form", [one for one in FORMS if one is not NEW_DRAFT], ids=lambda form: form[0])
async def test_a_form_stays_while_the_service_behind_it_is_away(stage: Stage, form: Form):
    """Corrections and withdrawals did so; the pages of the others asked the service once more, and lost the form."""
    path, who, fields = form
    async with stage.browser(headers={"Authorization": stage.token(who)}) as browser:
        answer = await browser.post(path, data=fields)
    assert (answer.status_code, kept(answer.text)) == (503, dict(fields))
    assert f'<form method="post" action="{path}"' in answer.text
    assert "нет ответа" in answer.text


async def test_a_correction_is_not_sent_without_its_values_though_only_the_catalogue_is_away(stage: Stage):
    path, who, fields = CORRECTION
    stage.answers = Services(monitoring(procedure=httpx.Response(503)))
    async with stage.browser(headers={"Authorization": stage.token(who)}) as browser:
        answer = await browser.post(path, data=fields)
    assert (answer.status_code, kept(answer.text), written(stage)) == (503, dict(fields), [])


async def test_what_is_not_there_is_said_so_whatever_was_typed(stage: Stage):
    path, who, fields = ADVICE
    gone = {"code": "recommendation-not-found", "title": "Рекомендации нет", "detail": "Её нет."}
    stage.answers = lambda one: httpx.Response(404, json=gone)
    async with stage.browser(headers={"Authorization": stage.token(who)}) as browser:
        answer = await browser.post(path, data=fields)
    assert (answer.status_code, "Рекомендации нет" in answer.text, kept(answer.text)) == (404, True, {})
