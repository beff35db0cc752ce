"""What every page stands on: words, numbers, settings, clients, files, failures."""

import hashlib
import json

import httpx
import pytest
from structlog.testing import capture_logs

from services.portal.clients import Services, addresses_of
from services.portal.page import HERE, asset
from services.portal.show import numbers, words
from shared.settings import Settings, SettingsWrong
from shared.web.invalid import wrong_fields
from tests.unit.portal.conftest import ADDRESSES, Stage
from tests.unit.portal.made import EVERYTHING, from_table

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("told", "written"),
    [("74", "74"), ("23.5", "23,5"), ("1234567.25", f"1{NBSP}234{NBSP}567,25"), ("74/95", "≈0,7789"), (None, "—"),
     ("-3", "−3"), ("0", "0"), ("1/32", "≈0,0313"), ("-1/32", "≈−0,0313"), ("-1/100000", "≈0")],
)  # fmt: skip
def test_numbers_are_written_as_russians_write_them(told: str | None, written: str):
    assert numbers.number(told) == written


def test_moments_are_those_of_yekaterinburg():
    assert numbers.moment("2022-12-30T20:05:00+00:00") == f"31{NBSP}декабря{NBSP}2022, 01:05"
    assert numbers.short_day("2022-12-30T20:05:00+00:00") == "31.12.2022"
    assert numbers.day("2022-12-30") == f"30{NBSP}декабря{NBSP}2022"
    assert numbers.moment(None) == "—"


@pytest.mark.parametrize(
    ("number", "word"),
    [(0, "мест"), (1, "место"), (2, "места"), (5, "мест"), (11, "мест"), (21, "место"), (112, "мест")],
)
def test_nouns_follow_their_numbers(number: int, word: str):
    assert words.plural(number, words.PLACE) == word


def test_a_number_stays_on_the_line_of_its_sign():
    assert words.bound("59 % (было 62 %), изменение № 2 за 2022 год") == (
        f"59{NBSP}% (было 62{NBSP}%), изменение №{NBSP}2 за 2022 год"
    )


def test_a_school_year_is_called_one():
    assert (words.period("2022"), words.period("2021-2022")) == ("2022 год", "2021/2022 учебный год")


def test_a_code_without_a_word_is_shown_as_it_is():
    assert (words.word("level", "high"), words.word("level", "new")) == ("высокий", "new")
    assert (words.word("kind", None), words.word("level", None)) == ("—", "уровень не определён")


def test_services_are_found_beside_the_portal_or_where_the_setting_says():
    assert addresses_of(Settings(port_base=18000))["scoring"] == "http://127.0.0.1:18003"
    named = Settings(services=("scoring=http://scoring:8003/",))
    assert addresses_of(named)["scoring"] == "http://scoring:8003"
    for wrong in ("scoring", "nobody=http://x", "scoring=ftp://x"):
        with pytest.raises(SettingsWrong, match="RSOKO_SERVICES"):
            addresses_of(Settings(services=(wrong,)))


async def test_a_service_that_does_not_answer_is_logged_with_the_reason_once_and_when_it_is_back():
    answers = [httpx.ConnectError("no such host"), httpx.ConnectError("no such host"), httpx.Response(200, json={})]

    def answer(_: httpx.Request) -> httpx.Response:
        found = answers.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    services = Services(ADDRESSES, transport=httpx.MockTransport(answer))
    with capture_logs() as told:
        assert [(await services.get("scoring", "/v1/periods")).status for _ in range(3)] == [0, 0, 200]
    await services.close()
    assert [(one["log_level"], one["event"], one.get("error")) for one in told] == [
        ("warning", "scoring.away", "ConnectError: no such host"), ("info", "scoring.back", None)
    ]  # fmt: skip


async def test_each_service_is_asked_and_told_by_its_state():
    def answers(request: httpx.Request) -> httpx.Response:
        checks = {"started": True, "mongodb": True}
        match request.url.host.removesuffix(".test"):
            case "registry":
                return httpx.Response(200, json={"status": "ready", "checks": checks, "degraded": []})
            case "monitoring":
                return httpx.Response(200, json={"status": "degraded", "checks": checks, "degraded": ["consuming"]})
            case "scoring":
                return httpx.Response(503, json={"status": "unready", "checks": {**checks, "mongodb": False}})
            case "roadmap":
                return httpx.Response(200, text="<script>alert(1)</script>")
            case _:
                raise httpx.ConnectError("away")

    services = Services(ADDRESSES, transport=httpx.MockTransport(answers))
    found = {one.name: (one.state, one.why) for one in await services.readiness()}
    await services.close()
    assert found == {
        "registry": ("ready", ()),
        "monitoring": ("degraded", ("consuming",)),
        "scoring": ("unready", ("mongodb",)),
        "roadmap": ("away", ()),
        "notification": ("away", ()),
    }


@pytest.mark.parametrize("told", [None, [], "ready", {"status": "fine"}, {"status": ["ready"]}])
async def test_what_is_no_report_counts_as_away(told: object):
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=json.dumps(told)))
    services = Services(ADDRESSES, transport=transport)
    assert {one.state for one in await services.readiness()} == {"away"}
    await services.close()


async def test_an_answer_is_a_body_a_problem_or_nothing():
    def answers(request: httpx.Request) -> httpx.Response:
        match request.url.path:
            case "/good":
                return httpx.Response(200, json={"items": [1]}, headers={"ETag": '"3"'})
            case "/refused":
                wrong = [{"pointer": "/a", "code": "c", "message": "m", "remedy": "r"}]
                return httpx.Response(422, json={"code": "x", "title": "Нет", "detail": "Потому", "errors": wrong})
            case "/half":
                return httpx.Response(200, content=b'{"items"', headers={"content-type": "application/json"})
            case _:
                return httpx.Response(503, json={"title": "busy"})

    services = Services(ADDRESSES, transport=httpx.MockTransport(answers))
    good, refused, half, busy = [await services.get("scoring", path) for path in ("/good", "/refused", "/half", "/")]
    await services.close()
    assert (good.ok, good.items, good.etag, good.problem) == (True, [1], '"3"', None)
    assert refused.problem is not None
    assert (refused.problem.title, refused.problem.errors[0].pointer, refused.away) == ("Нет", "/a", False)
    assert (half.away, busy.away, busy.items) == (True, True, [])
    assert busy.problem is not None
    assert busy.problem.code == "service-away"


def test_vendored_files_are_what_their_notes_say():
    notes = sorted((HERE / "static" / "vendor").glob("*/VENDOR.json"))
    assert [note.parent.name for note in notes] == ["golos-text-5.3.0", "htmx.org-4.0.1"]
    for note in notes:
        told = json.loads(note.read_text())
        files = [one for one in note.parent.iterdir() if one != note]
        assert {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in files} == told["sha256"]
        assert "LICENSE" in told["sha256"]
        assert asset(f"vendor/{note.parent.name}/LICENSE").startswith("/static/vendor/")


async def test_pages_load_nothing_from_elsewhere_and_nothing_inline(stage: Stage):
    stage.answers = from_table(EVERYTHING)
    async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
        answer = await browser.get("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert " style=" not in answer.text
    assert "<script>" not in answer.text
    assert "onclick" not in answer.text
    assert {one.split("?")[0] for one in answer.text.split('"') if one.startswith("http")} == set()


async def test_a_bug_is_shown_with_its_number_and_no_text(stage: Stage):
    def broken(_: httpx.Request) -> httpx.Response:
        raise RuntimeError("secret")

    stage.answers = broken
    async with stage.browser(headers={"X-Correlation-Id": "case-1"}) as browser:
        answer = await browser.get("/")
    assert answer.status_code == 500
    assert "Страница не открылась" in answer.text
    assert "case-1" in answer.text
    assert "secret" not in answer.text


async def test_the_services_hear_the_address_of_a_visitor_without_a_token_and_no_other(stage: Stage):
    stage.answers = from_table(EVERYTHING)
    for headers in ({}, {"X-Forwarded-For": "198.51.100.7"}):
        async with stage.browser(headers=headers) as browser:
            await browser.get("/")
    assert stage.asked
    assert {one.headers.get("x-forwarded-for") for one in stage.asked} == {"127.0.0.1"}, "ours, not what it claims"
    stage.asked.clear()
    async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
        await browser.get("/")
    assert {one.headers.get("x-forwarded-for") for one in stage.asked} == {None}


async def test_styles_stay_small():
    own = (HERE / "static" / "portal.css").stat().st_size
    assert own < 11_000


async def test_a_page_that_is_not_opened_so_says_what_to_do(stage: Stage):
    async with stage.browser() as browser:
        page = await browser.get("/results/r1/read-nothing", headers={"Accept": "text/html"})
        wrong = await browser.delete("/inbox", headers={"Accept": "text/html"})
        told = await browser.delete("/inbox", headers={"Accept": "application/json, text/html;q=0"})
    assert (page.status_code, "По этому адресу ничего нет." in page.text) == (404, True)
    assert (wrong.status_code, wrong.text.count("Запрос не принят")) == (405, 2)  # the title and the heading
    assert "сюда отправляет форма" in wrong.text
    assert wrong.headers["allow"] == told.headers["allow"] == "GET, HEAD"
    assert (told.status_code, told.json()["code"]) == (405, "method-not-allowed")


async def test_a_refusal_that_is_worded_for_programs_is_shown_in_words_for_people(stage: Stage):
    wrong = [
        {"type": "string_pattern_mismatch", "loc": ("body", "period"), "input": "2022 год",
         "ctx": {"pattern": "^[0-9]{4}(-[0-9]{4})?$"}},
        {"type": "date_from_datetime_parsing", "loc": ("body", "reply_until"), "input": ""},
        {"type": "string_too_short", "loc": ("body", "title"), "input": "", "ctx": {"min_length": 1}},
    ]  # fmt: skip
    errors = wrong_fields(wrong, {"period": "2022 год", "reply_until": "", "title": ""})
    problem = {"code": "invalid-request", "title": "Запрос не принят", "errors": errors,
               "detail": "Неверных мест: 3. Исправьте перечисленное в errors и повторите."}  # fmt: skip
    editions = {"/v1/editions": {"items": [], "next": None}}
    stage.answers = lambda request: (
        httpx.Response(422, json=problem) if request.method == "POST" else from_table(EVERYTHING | editions)(request)
    )
    async with stage.browser(headers={"Authorization": stage.token("regional_operator")}) as browser:
        text = (await browser.post("/editions", data={"period": "2022 год"})).text
    assert "Исправьте отмеченное и отправьте снова." in text
    assert "Запишите год или учебный год: 2022 или 2021-2022." in text
    assert "Выберите день, например 01.11.2022." in text
    assert "Поле не заполнено." in text
    for word in (" errors", "^[", "Слишком короткая", "Вид значения", "Вид: "):
        assert word not in text, word


async def test_what_is_not_for_a_reader_is_said_without_the_names_of_actions(stage: Stage):
    stage.answers = from_table(EVERYTHING)
    async with stage.browser(headers={"Authorization": stage.token("expert:e1")}) as browser:
        answer = await browser.get("/inbox")
    assert (answer.status_code, "Этот раздел или эти данные вам не открыты." in answer.text) == (403, True)
    assert "inbox.read" not in answer.text
    gone = {"code": "edition-not-found", "title": "Такой редакции рейтинга нет", "detail": "«e»: id из /v1/editions."}
    stage.answers = lambda _: httpx.Response(404, json=gone)
    async with stage.browser() as browser:
        answer = await browser.get("/editions/e")
    assert (answer.status_code, "/v1/" in answer.text) == (404, False)
