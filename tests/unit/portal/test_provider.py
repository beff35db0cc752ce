"""Providers that keep to the standards in other ways than ours: the sign-in takes them as they are."""

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from deploy.local.issuer.people import parse
from services.portal.signin import Provider
from services.portal.signin.provider import Attempt, SignInFailed
from shared.settings import Settings
from tests.unit.portal.conftest import ISSUER, Stage

DESCRIBED = {"authorization_endpoint": "http://x/a", "token_endpoint": "http://x/t"}
REFUSED = httpx.Response(401, json={"error": "invalid_client", "error_description": "the secret was s%cret+"})


def provider(stage: Stage, described: dict[str, object], *, granted: httpx.Response = REFUSED) -> list[httpx.Request]:
    """A portal with a secret at a provider that describes itself so; what the token endpoint is asked."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path != "/t":
            return httpx.Response(200, json=DESCRIBED | described)
        asked.append(request)
        return granted

    transport = httpx.MockTransport(answer)
    settings = Settings(env="local", issuer=ISSUER, oidc_client="the portal", oidc_secret=SecretStr("s%cret+"))
    stage.app.state.provider = Provider(settings, lambda: stage.now, fetch=stage._keys, transport=transport)
    return asked


async def come_back(browser: httpx.AsyncClient) -> httpx.Response:
    """The answer to whom a provider has sent back with a code."""
    away = (await browser.get("/login")).headers["location"]
    state = dict(parse_qsl(urlsplit(away).query))["state"]
    return await browser.get("/login/callback", params={"code": "c", "state": state})


@pytest.mark.parametrize("methods", [None, ["client_secret_basic"], ["private_key_jwt", "client_secret_basic"]])
async def test_a_secret_goes_by_http_basic_unless_a_form_is_named(
    stage: Stage, browser: httpx.AsyncClient, methods: list[str] | None
):
    """RFC 6749 §2.3.1 makes every provider take Basic, and Discovery §3 makes it the default; a form is an option."""
    told = {} if methods is None else {"token_endpoint_auth_methods_supported": methods}
    asked = provider(stage, told)
    await come_back(browser)

    basic = b64encode(b"the+portal:s%25cret%2B").decode()
    assert [one.headers.get("authorization") for one in asked] == [f"Basic {basic}"]
    assert "client_secret" not in parse_qs(asked[0].content.decode()), "who proves it in two ways is refused"


async def test_a_secret_goes_in_the_form_where_the_provider_says_so(stage: Stage, browser: httpx.AsyncClient):
    methods = ["client_secret_basic", "client_secret_post"]
    asked = provider(stage, {"token_endpoint_auth_methods_supported": methods})
    await come_back(browser)

    form = parse_qs(asked[0].content.decode())
    assert (form["client_id"], form["client_secret"]) == (["the portal"], ["s%cret+"])
    assert "authorization" not in asked[0].headers


async def test_a_portal_that_the_provider_does_not_know_is_told_to_operators(stage: Stage, browser: httpx.AsyncClient):
    """Signing in again does not help against a wrong secret, and nobody would find it without a line in the log."""
    provider(stage, {})
    with capture_logs() as logged:
        answer = await come_back(browser)

    assert (answer.status_code, "Сообщите администратору" in answer.text) == (400, True)
    assert "попытка использована" not in answer.text
    assert [(one["event"], one["error"]) for one in logged] == [("sign-in.refused", "invalid_client")]
    assert "s%cret" not in str(logged)


@pytest.mark.parametrize("said", [{"error": "invalid_grant"}, {}])
async def test_a_code_that_was_used_is_no_trouble_of_the_portal(
    stage: Stage, browser: httpx.AsyncClient, said: dict[str, str]
):
    provider(stage, {}, granted=httpx.Response(400, json=said))
    with capture_logs() as logged:
        answer = await come_back(browser)

    assert (answer.status_code, "попытка использована" in answer.text, logged) == (400, True, [])


async def test_a_code_is_exchanged_for_the_attempt_that_is_under_way_alone(stage: Stage, browser: httpx.AsyncClient):
    asked = provider(stage, {})
    away = (await browser.get("/login")).headers["location"]
    state = dict(parse_qsl(urlsplit(away).query))["state"]
    await browser.get("/login/callback", params={"code": "c", "state": "of another window"})
    stage.now += timedelta(minutes=11)
    await browser.get("/login/callback", params={"code": "c", "state": state})
    assert asked == []


async def test_the_way_out_keeps_what_its_address_asks_already(stage: Stage):
    provider(stage, {"end_session_endpoint": "http://x/out?policy=staff"})
    way = await stage.app.state.provider.way_out("http://portal/")

    assert parse_qs(urlsplit(way).query) == {
        "policy": ["staff"], "client_id": ["the portal"], "post_logout_redirect_uri": ["http://portal/"],
    }  # fmt: skip
    provider(stage, {})
    assert await stage.app.state.provider.way_out("http://portal/") is None, "it has no session to end"


@pytest.mark.parametrize(
    "wrong",
    [{}, {"client": "another"}, {"issuer": "http://another"}, {"nonce": "other"}, {"nonce": None}, {"minutes": -5}],
    ids=["ours", "for-another", "of-another", "of-another-attempt", "of-no-attempt", "over"],
)
async def test_an_identity_token_lets_in_where_it_is_for_us_fresh_and_of_this_attempt(
    stage: Stage, wrong: dict[str, Any]
):
    """Another client of the same provider gets tokens with the same signature, and may hand them on."""
    told: dict[str, Any] = {"client": "the portal", "issuer": ISSUER, "nonce": "n", "minutes": 5} | wrong
    identity = replace(stage.issuer, address=told["issuer"]).identity(
        parse("ministry"), client=told["client"], nonce=told["nonce"], ttl=timedelta(minutes=told["minutes"])
    )
    provider(stage, {}, granted=httpx.Response(200, json={"access_token": "t", "id_token": identity}))
    try:
        taken = await stage.app.state.provider.exchange("c", Attempt("s", "n", "v", "/", 0), "http://portal/")
    except SignInFailed:
        taken = None
    assert taken == (None if wrong else ("t", identity))
