"""Signing out at the provider: by the session's own identity token, without which a provider asks once more."""

import re
from urllib.parse import parse_qsl, urlsplit

import httpx

from services.portal.session import LONGEST_COOKIE
from services.portal.signin.provider import jwt_header
from tests.unit.portal.conftest import PORTAL, Stage


async def test_the_provider_is_told_whose_session_ends(stage: Stage, browser: httpx.AsyncClient):
    """Keycloak 26.4 asked a second time otherwise; who closed that page let in whoever came next, with no password."""
    await stage.sign_in(browser, "ministry")
    mark = re.search(r'name="form_mark" value="(\w+)"', (await browser.get("/logout")).text)
    assert mark is not None
    done = await browser.post("/logout", data={"form_mark": mark[1]}, headers={"Sec-Fetch-Site": "same-origin"})

    told = dict(parse_qsl(urlsplit(done.headers["location"]).query))
    assert told["post_logout_redirect_uri"] == f"{PORTAL}/"
    assert jwt_header(told["id_token_hint"])["alg"] in {"ES256", "RS256"}


async def test_who_is_not_signed_in_is_led_out_without(stage: Stage, browser: httpx.AsyncClient):
    done = await browser.post("/logout", headers={"Sec-Fetch-Site": "same-origin"})

    assert "id_token_hint" not in done.headers.get("location", "")


def test_a_cookie_has_the_identity_token_only_where_it_has_room(stage: Stage):
    sessions = stage.app.state.uses.sessions
    short, long = (sessions.write(sessions.begin("t" * 1500, "who", 1, "i" * size)) for size in (900, 2000))

    assert sessions.read(short).identity == "i" * 900
    assert (sessions.read(long).identity, sessions.read(long).token) == ("", "t" * 1500)
    assert max(len(short), len(long)) <= LONGEST_COOKIE
