"""Signing in and out: only the right answer to the right question begins a session, and only we can end or use it."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from structlog.testing import capture_logs

from services.portal.signin import Provider
from services.portal.signin.next_page import safe_next
from shared.auth import Tokens
from tests.unit.portal.conftest import ISSUER, PORTAL, Stage
from tests.unit.portal.made import EVERYTHING, from_table


def query(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


async def test_a_person_signs_in_and_comes_back_to_the_page_asked_for(stage: Stage, browser: httpx.AsyncClient):
    back = await stage.sign_in(browser, "ministry", to="/?group=results")

    assert (back.status_code, back.headers["location"]) == (303, "/?group=results")
    cookie = next(one for one in back.headers.get_list("set-cookie") if one.startswith("rsoko-8000="))
    assert {"httponly", "samesite=lax", "path=/"} <= {part.strip().lower() for part in cookie.split(";")}
    assert "ey" + "J0eXAi" not in cookie


async def test_the_way_out_asks_for_a_code_with_pkce_state_and_nonce(stage: Stage, browser: httpx.AsyncClient):
    asked = query((await browser.get("/login")).headers["location"])

    assert asked["response_type"] == "code"
    assert asked["redirect_uri"] == f"{PORTAL}/login/callback"
    assert asked["code_challenge_method"] == "S256"
    assert all(len(asked[name]) >= 32 for name in ("state", "nonce", "code_challenge"))


async def test_a_code_with_another_state_is_not_used(stage: Stage, browser: httpx.AsyncClient):
    await browser.get("/login")
    answer = await browser.get("/login/callback", params={"code": "c", "state": "other"})

    assert answer.status_code == 400
    assert "Войти не удалось" in answer.text
    assert "rsoko-8000=" not in answer.headers.get("set-cookie", "")


async def test_an_old_attempt_must_be_begun_anew(stage: Stage, browser: httpx.AsyncClient):
    state = query((await browser.get("/login")).headers["location"])["state"]
    stage.now += timedelta(minutes=11)
    answer = await browser.get("/login/callback", params={"code": "c", "state": state})

    assert answer.status_code == 400


def again(answer: httpx.Response) -> str:
    """Where the sign-in leads that a page offers."""
    found = re.search(r'href="(/login\?[^"]+)">Войти<', answer.text)
    assert found is not None, answer.text
    return query(found[1])["next"]


async def test_who_must_try_again_is_led_to_the_page_asked_for(stage: Stage, browser: httpx.AsyncClient):
    """Two windows have one cookie: the answer to the first attempt finds the second."""
    first = query((await browser.get("/login", params={"next": "/inbox"})).headers["location"])["state"]
    await browser.get("/login", params={"next": "/?group=results&level=low"})
    other = await browser.get("/login/callback", params={"code": "c", "state": first})
    refused = await browser.get("/login/callback", params={"error": "access_denied", "state": first})
    stage.now += timedelta(minutes=11)
    late = await browser.get("/login/callback", params={"code": "c", "state": first})
    assert [again(one) for one in (other, refused, late)] == ["/?group=results&level=low"] * 3
    browser.cookies.clear()
    assert again(await browser.get("/login/callback", params={"code": "c", "state": first})) == "/"
    away(stage)
    assert again(await browser.get("/login", params={"next": "/inbox"})) == "/inbox"


async def test_a_code_that_the_issuer_did_not_give_begins_nothing(stage: Stage, browser: httpx.AsyncClient):
    state = query((await browser.get("/login")).headers["location"])["state"]
    answer = await browser.get("/login/callback", params={"code": "made-up", "state": state})

    assert answer.status_code == 400
    assert "rsoko-8000=" not in answer.headers.get("set-cookie", "")


async def test_an_identity_token_of_another_attempt_is_refused(stage: Stage, browser: httpx.AsyncClient):
    """The nonce of the cookie and of the token differ when somebody else's answer is slipped in."""
    sessions = stage.app.state.uses.sessions
    away = (await browser.get("/login")).headers["location"]
    told = sessions.open(browser.cookies["rsoko-8000-signin"])
    browser.cookies.clear()
    browser.cookies.set("rsoko-8000-signin", sessions.seal(told | {"nonce": "other"}))
    async with httpx.AsyncClient(transport=stage.identity, trust_env=False) as outside:
        back = (await outside.get(f"{away}&user=ministry")).headers["location"]
    answer = await browser.get(back)

    assert answer.status_code == 400
    assert "Ответ службы входа не подходит" in answer.text


async def test_an_ended_session_leads_to_sign_in_and_back_to_the_page(stage: Stage, browser: httpx.AsyncClient):
    await stage.sign_in(browser, "ministry")
    cookie = browser.cookies["rsoko-8000"]
    stage.now += timedelta(hours=2)
    answer = await browser.get("/?group=results")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2F%3Fgroup%3Dresults"
    browser.cookies.set("rsoko-8000", cookie)
    swapped = await browser.get("/", headers={"HX-Request": "true", "HX-Current-URL": f"{PORTAL}/?level=low"})
    assert swapped.headers["hx-redirect"] == "/login?next=%2F%3Flevel%3Dlow"


async def test_a_session_that_ended_does_not_close_the_public_pages(stage: Stage, browser: httpx.AsyncClient):
    stage.answers = from_table(EVERYTHING)
    await stage.sign_in(browser, "ministry")
    stage.now += timedelta(hours=2)
    assert (await browser.get("/")).status_code == 303
    assert "rsoko-8000" not in browser.cookies
    answer = await browser.get("/")
    assert (answer.status_code, ">Войти</a>" in answer.text) == (200, True)


async def test_a_session_that_ended_leads_out_also_while_the_provider_is_away(stage: Stage, browser: httpx.AsyncClient):
    stage.answers = from_table(EVERYTHING)
    await stage.sign_in(browser, "ministry")
    away(stage)
    waiting = await browser.get("/")
    assert (waiting.status_code, 'href="/logout"' in waiting.text) == (503, True)
    assert waiting.headers["retry-after"] == "60"
    stage.now += timedelta(hours=2)
    assert (await browser.get("/")).headers["location"] == "/login?next=%2F"
    told = await browser.get("/login")
    assert (told.status_code, "Служба входа не отвечает" in told.text) == (503, True)
    assert (await browser.get("/")).status_code == 200


def away(stage: Stage) -> None:
    """A portal that has just started, and nobody who answers for the provider."""

    async def nothing() -> dict[str, object]:
        raise httpx.ConnectError("away")

    gone = httpx.MockTransport(lambda _: httpx.Response(502, text="away"))
    settings = stage.app.state.uses.settings
    stage.app.state.provider = Provider(settings, lambda: stage.now, fetch=nothing, transport=gone)
    stage.app.state.tokens = Tokens(issuer=ISSUER, audience="rsoko", fetch=nothing, clock=lambda: stage.now)


@pytest.mark.parametrize(
    "wrong",
    [
        httpx.Response(502, json={"error": "bad gateway"}),
        httpx.Response(500, json={"authorization_endpoint": "http://x/a", "token_endpoint": "http://x/t"}),
        httpx.Response(403, json={"authorization_endpoint": "http://x/a", "token_endpoint": "http://x/t"}),
        httpx.Response(200, json={"authorization_endpoint": "http://x/a"}),
        httpx.Response(200, json={"authorization_endpoint": None, "token_endpoint": "http://x/t"}),
        httpx.Response(200, json=["nothing"]),
    ],
)
async def test_what_is_no_description_of_the_provider_is_not_kept(
    stage: Stage, browser: httpx.AsyncClient, wrong: httpx.Response
):
    right = {"authorization_endpoint": "http://x/a", "token_endpoint": "http://x/t"}
    answers = iter([wrong, wrong, httpx.Response(200, json=right)])
    settings = stage.app.state.uses.settings
    transport = httpx.MockTransport(lambda _: next(answers))
    stage.app.state.provider = Provider(settings, lambda: stage.now, transport=transport)

    with capture_logs() as logged:
        for _ in range(2):
            told = await browser.get("/login")
            assert (told.status_code, "Служба входа не отвечает" in told.text) == (503, True)
        for _ in range(2):
            assert (await browser.get("/login")).headers["location"].startswith("http://x/a?")
    assert [one["event"] for one in logged] == ["provider.away", "provider.back"]


async def test_a_provider_that_breaks_at_the_exchange_is_away(stage: Stage, browser: httpx.AsyncClient):
    state = query((await browser.get("/login")).headers["location"])["state"]
    stage.app.state.provider._transport = httpx.MockTransport(lambda _: httpx.Response(502, json={"error": "x"}))
    told = await browser.get("/login/callback", params={"code": "c", "state": state})
    assert (told.status_code, "Служба входа не отвечает" in told.text) == (503, True)


class Dripping(httpx.AsyncByteStream):
    """A body of which a byte comes whenever one is waited for, without end."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(0)
            yield b" "


async def test_a_provider_that_drips_its_answer_holds_nobody(
    stage: Stage, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("services.portal.signin.provider.PATIENCE", 0.05)
    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=Dripping()))
    stage.app.state.provider = Provider(stage.app.state.uses.settings, lambda: stage.now, transport=transport)
    async with asyncio.timeout(10):
        told = await browser.get("/login")
    assert (told.status_code, "Служба входа не отвечает" in told.text) == (503, True)


@pytest.mark.parametrize(
    ("error", "words"),
    [("access_denied", "Служба входа отказала"), ("server_error", "сообщите администратору")],
)
async def test_a_sign_in_that_was_refused_is_told_as_such(browser: httpx.AsyncClient, error: str, words: str):
    state = query((await browser.get("/login")).headers["location"])["state"]
    answer = await browser.get("/login/callback", params={"error": error, "state": state})

    assert answer.status_code == 400
    assert words in answer.text
    assert "устарела" not in answer.text


async def test_a_program_with_a_wrong_token_gets_a_problem_and_no_page(stage: Stage):
    async with stage.browser(headers={"Accept": "*/*"}) as program:
        answer = await program.get("/", headers={"Authorization": "Bearer nonsense"})
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid-token")


async def test_signing_out_needs_the_form_of_this_session(stage: Stage, browser: httpx.AsyncClient):
    await stage.sign_in(browser, "ministry")
    mark = re.search(r'name="form_mark" value="(\w+)"', (await browser.get("/logout")).text)
    assert mark is not None
    refused = await browser.post("/logout", data={"form_mark": "other"})
    foreign = await browser.post(
        "/logout", data={"form_mark": mark[1]}, headers={"Origin": "https://evil.example", "Host": "127.0.0.1:8000"}
    )
    cross = await browser.post("/logout", data={"form_mark": mark[1]}, headers={"Sec-Fetch-Site": "cross-site"})
    assert [one.status_code for one in (refused, foreign, cross)] == [403, 403, 403]

    done = await browser.post("/logout", data={"form_mark": mark[1]}, headers={"Sec-Fetch-Site": "same-origin"})
    assert done.status_code == 303
    assert done.headers["location"].startswith("http://127.0.0.1:8006/logout?")
    assert done.headers["clear-site-data"] == '"cache"', "what the browser kept is not for who comes next"
    assert "rsoko-8000" not in browser.cookies


@pytest.mark.parametrize(
    "told",
    [
        None, "", "//evil.example", "https://evil.example", "/\\evil.example", "evil", "/login?next=/", "/logout",
        "javascript:alert(1)", "/\nevil", "/%0d" + "\r", "/" + "a" * 3000,
        "//[", "http://[", "//[::1", "http://]/",
    ],
)  # fmt: skip
def test_nobody_is_led_elsewhere_after_signing_in(told: str | None):
    assert safe_next(told) == "/"


@pytest.mark.parametrize("told", ["//[", "http://["])
async def test_what_is_no_address_is_no_failure(stage: Stage, browser: httpx.AsyncClient, told: str):
    begun = await browser.get("/login", params={"next": told})
    assert begun.status_code == 303
    refused = await browser.post("/logout", headers={"Origin": told})
    assert refused.status_code == 403
    led = await browser.post("/inbox/read", headers={"Referer": told})
    assert (led.status_code, led.headers["location"]) == (303, "/login?next=%2F")
    swapped = await browser.get("/inbox", headers={"HX-Request": "true", "HX-Current-URL": told})
    assert swapped.headers["hx-redirect"] == "/login?next=%2F"


@pytest.mark.parametrize("told", ["/", "/?group=results&q=а", "/municipalities/74-zlatoustovsky-go#why"])
def test_pages_of_ours_are_kept(told: str):
    assert safe_next(told) == told


def test_cookies_of_the_version_before_are_read_and_read_by_it(stage: Stage) -> None:
    sessions = stage.app.state.uses.sessions
    before = sessions.read(sessions.seal({"token": "token", "id": "8f3k-random_id", "ends": 1}))
    assert before is not None
    assert before.person == "8f3k-random_id"
    assert not sessions.marked(sessions.mark(before))  # such a form holds in its session, as it did
    assert {"token", "id", "ends"} <= (sessions.open(sessions.write(sessions.begin("token", "who", 1))) or {}).keys()


def test_a_cookie_of_another_key_or_form_is_nobody(stage: Stage):
    sessions = stage.app.state.uses.sessions
    sealed = sessions.write(sessions.begin("token", "who", 1))
    assert sessions.read(sealed).token == "token"
    other = Stage().app.state.uses.sessions
    for wrong in (
        None,
        "",
        "a.b.c",
        sealed[:-4] + "AAAA",
        other.write(other.begin("t", "w", 1)),
        sessions.seal({"x": 1}),
    ):
        assert sessions.read(wrong) is None
