"""No form and no address of the portal breaks it, whatever stands in a field."""

import re

import httpx
import pytest
from fastapi import Request

from tests.forms import ODD, filled
from tests.unit.portal.conftest import Stage
from tests.unit.portal.fake import Services, monitoring, refused

KEYS = [
    ("/results/new", {"procedure": "vpr", "municipality": "m", "period": "2022"}, "key"),
    ("/results/r1/correction", {}, "key"),
    ("/results/r1/withdrawal", {}, "revision"),
    ("/editions", {}, "key"),
    ("/editions/e/objections", {"about": "group:overall", "text": "т", "evidence": "д"}, "key"),
    ("/editions/e/freeze", {"confirm": "yes"}, "revision"),
    ("/recommendations/a/issue", {}, "revision"),
    ("/activities/a/evidence", {}, "key"),
    ("/analytics", {}, "key"),
    ("/analytics/d/finish", {"confirm": "1"}, "revision"),
]


def doors(stage: Stage) -> list[str]:
    """The addresses that take forms, with a result that there is."""
    found = [path for path, one in stage.app.openapi()["paths"].items() if "post" in one]
    return [re.sub(r"\{\w+\}", "freeze", path.replace("{result}", "r1")) for path in found]


def answers(request: httpx.Request) -> httpx.Response:
    """One result that there is; everything else is not found."""
    found = Services(monitoring())(request)
    return refused(404, "not-found") if found.status_code == httpx.codes.SERVICE_UNAVAILABLE else found


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
@pytest.mark.parametrize("who", ["ministry", "regional_operator", "municipality:74-zlatoustovsky-go"])
async def test_odd_text_in_every_field_is_answered(stage: Stage, who: str, odd: str | bytes):
    stage.answers = answers
    async with stage.browser(headers={"Authorization": stage.token(who)}) as browser:
        for path in doors(stage):
            answer = await browser.post(path, data=filled(odd))
            assert answer.status_code < 500, path
            assert "нет ответа" not in answer.text, path


@pytest.mark.parametrize("odd", ["%2e", "%2e%2e"])
async def test_an_address_that_leads_out_of_its_place_is_not_found(stage: Stage, odd: str):
    """Else `/operations/scoring/letters/..` would ask scoring for another of its doors."""
    doors = [f"GET /operations/scoring/letters/{odd}", f"POST /operations/scoring/redrive/{odd}"]
    doors += [f"GET /{one}/{odd}" for one in ("editions", "recommendations", "analytics")]
    doors += [f"GET /results/{odd}/history", f"GET /municipalities/{odd}/explain.json", f"GET /rating.csv?period={odd}"]
    async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
        for door in doors:
            answer = await browser.request(*door.split())
            assert (answer.status_code, "Такой страницы нет" in answer.text) == (404, True), door
    assert stage.asked == []


@pytest.mark.parametrize(
    ("odd", "kind", "status"),
    [
        (b"&" * 4_000, "application/x-www-form-urlencoded", 400),
        (b";" * 4_000, "application/x-www-form-urlencoded", 400),
        (b"a" * 5_000, "application/x-www-form-urlencoded", 413),
        (b"--b\r\n\r\n\r\n--b--\r\n", "multipart/form-data; boundary=b", 400),
    ],
)
async def test_what_no_form_of_ours_is_is_refused_before_it_is_parsed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, *, odd: bytes, kind: str, status: int
):
    """Parsing holds the loop, and anybody may sign out."""
    parsed: list[str] = []
    form = Request.form
    monkeypatch.setattr(Request, "form", lambda self, **told: parsed.append(self.url.path) or form(self, **told))
    async with stage.browser(headers={"Content-Type": kind}) as browser:
        answer = await browser.post("/logout", content=odd)
        foreign = await browser.post("/logout", content=odd, headers={"Sec-Fetch-Site": "cross-site"})
        signed_in = {"Authorization": stage.token("ministry")}
        large = await browser.post("/operations/scoring/discard/x", content=odd * 220, headers=signed_in)
    assert [one.status_code for one in (answer, foreign, large)] == [status, 403, status]
    assert parsed == []


async def test_the_longest_text_of_a_form_is_taken(stage: Stage):
    async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
        await browser.post("/operations/scoring/discard/x", data={"reason": "試" * 20_000})
    assert stage.asked[0].url.path == "/v1/operations/discard/x"


async def test_every_part_of_an_operators_address_stays_one_part(stage: Stage):
    async with stage.browser(headers={"Authorization": stage.token("ministry")}) as browser:
        for method, place in (("GET", "letters"), ("POST", "redrive"), ("POST", "discard")):
            await browser.request(method, f"/operations/scoring/{place}/x/%2e%2e/%2e%2e/%2e%2e/periods")
    asked = [one.url.raw_path.decode() for one in stage.asked]
    assert asked[0] == "/v1/operations/dead-letters/x%2F..%2F..%2F..%2Fperiods"
    assert all(one.startswith("/v1/operations/") for one in asked)


@pytest.mark.parametrize("odd", ["ключ", "1\r\nX-Role: ministry"])
@pytest.mark.parametrize("door", KEYS, ids=lambda door: door[0])
async def test_a_hidden_field_that_cannot_be_sent_on_is_refused(
    stage: Stage, door: tuple[str, dict[str, str], str], odd: str
):
    path, form, name = door
    stage.answers = answers
    for who in ("ministry", "regional_operator", "municipality:74-zlatoustovsky-go"):
        async with stage.browser(headers={"Authorization": stage.token(who)}) as browser:
            answer = await browser.post(path, data={**form, name: odd})
        if answer.status_code != httpx.codes.FORBIDDEN:
            break
    assert (answer.status_code, "Запрос испорчен" in answer.text) == (400, True)
    assert all(one.method == "GET" for one in stage.asked)


async def test_a_place_in_the_stream_that_cannot_be_sent_on_is_refused(stage: Stage):
    async with stage.browser(headers={"Authorization": stage.token("ministry"), "Accept": "*/*"}) as browser:
        for odd in ("семь", "7\r\nX: y", "\0"):
            by_address = await browser.get("/stream", params={"last_event_id": odd})
            assert (by_address.status_code, by_address.json()["code"]) == (400, "malformed-request"), odd
        by_header = await browser.get("/stream", headers={"Last-Event-ID": "семь".encode()})
    assert by_header.status_code == 400
    assert stage.asked == []
