"""Signing out at the provider: by the session's own identity token, without which a provider asks once more."""

import re
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from deploy.local.issuer.people import parse
from services.portal.session import LONGEST_COOKIE
from services.portal.signin import Provider
from services.portal.signin.provider import jwt_header
from tests.unit.portal.conftest import PORTAL, Stage
from tests.unit.portal.test_signin import away


async def test_the_provider_is_told_whose_session_ends(stage: Stage, browser: httpx.AsyncClient):
    """Keycloak 26.4 asked a second time otherwise; who closed that page let in whoever came next, with no password."""
    await stage.sign_in(browser, "ministry")
    mark = re.search(r'name="form_mark" value="(\w+)"', (await browser.get("/logout")).text)
    assert mark is not None
    done = await browser.post("/logout", data={"form_mark": mark[1]}, headers={"Sec-Fetch-Site": "same-origin"})

    told = dict(parse_qsl(urlsplit(done.headers["location"]).query))
    assert told["post_logout_redirect_uri"] == f"{PORTAL}/"
    assert jwt_header(told["id_token_hint"])["typ"] == "JWT", "the access token stands in no address"


async def test_while_the_provider_is_away_one_is_signed_out_here(stage: Stage, browser: httpx.AsyncClient):
    await stage.sign_in(browser, "ministry")
    mark = re.search(r'name="form_mark" value="(\w+)"', (await browser.get("/logout")).text)
    assert mark is not None
    away(stage)
    done = await browser.post("/logout", data={"form_mark": mark[1]}, headers={"Sec-Fetch-Site": "same-origin"})

    assert (done.status_code, done.headers["location"]) == (303, f"{PORTAL}/")
    assert "rsoko-8000" not in browser.cookies


async def test_a_token_that_no_cookie_holds_begins_nothing(
    stage: Stage, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    """A browser drops a longer cookie in silence: who signed in would be asked to sign in for ever."""
    long = stage.issuer.access(parse("ministry"), client="portal", scopes=["s" * 4000], ttl=timedelta(hours=1))

    async def exchange(*_: object) -> tuple[str, str]:
        return long, "identity"

    monkeypatch.setattr(Provider, "exchange", exchange)
    answer = await stage.sign_in(browser, "ministry")

    assert (answer.status_code, "слишком велики" in answer.text) == (403, True)
    assert "rsoko-8000" not in browser.cookies


async def test_who_is_not_signed_in_is_led_out_without(stage: Stage, browser: httpx.AsyncClient):
    done = await browser.post("/logout", headers={"Sec-Fetch-Site": "same-origin"})

    assert "id_token_hint" not in done.headers.get("location", "")


def test_a_cookie_has_the_identity_token_only_where_it_has_room(stage: Stage):
    sessions = stage.app.state.uses.sessions
    short, long = (sessions.write(sessions.begin("t" * 1500, "who", 1, "i" * size)) for size in (900, 2000))

    assert sessions.read(short).identity == "i" * 900
    assert (sessions.read(long).identity, sessions.read(long).token) == ("", "t" * 1500)
    assert max(len(short), len(long)) <= LONGEST_COOKIE
