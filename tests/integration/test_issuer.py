"""The local issuer as a client sees it: discovery, PKCE, client credentials; services believe its tokens."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI

from deploy.cli.token import issue
from deploy.local import Failed, Settings
from deploy.local.issuer.app import build, create, issuer_of
from deploy.local.issuer.codes import challenge
from shared.auth import Tokens
from shared.kernel import Unauthenticated
from shared.mongo.client import utc_now

VERIFIER = "a-verifier-of-at-least-forty-three-characters-long"
BACK = "http://127.0.0.1:8000/login/done"
ASKED = {
    "response_type": "code",
    "client_id": "portal",
    "redirect_uri": BACK,
    "scope": "openid",
    "state": "s1",
    "nonce": "n1",
    "code_challenge": challenge(VERIFIER),
    "code_challenge_method": "S256",
}


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    return Settings.spare(tmp_path)


@pytest.fixture
def app(home: Settings) -> FastAPI:
    return build(issuer_of(home))


@pytest.fixture
async def client(app: FastAPI, home: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=home.issuer) as found:
        yield found


def tokens(client: httpx.AsyncClient, home: Settings) -> Tokens:
    """What a service uses, fetching the issuer's keys the way discovery names them."""

    async def fetch() -> dict[str, object]:
        discovered = (await client.get("/.well-known/openid-configuration")).json()
        found: dict[str, object] = (await client.get(discovered["jwks_uri"])).json()
        return found

    return Tokens(issuer=home.issuer, audience="rsoko", fetch=fetch, clock=utc_now)


async def signed_in(client: httpx.AsyncClient, **chosen: str) -> dict[str, str]:
    """Choose a user on the login page and exchange the code."""
    sent = await client.get("/authorize", params={**ASKED, **chosen})
    assert sent.status_code == 303
    answered = parse_qs(urlsplit(sent.headers["location"]).query)
    assert answered["state"] == ["s1"]
    form = {
        "grant_type": "authorization_code",
        "code": answered["code"][0],
        "redirect_uri": BACK,
        "client_id": "portal",
        "code_verifier": VERIFIER,
    }
    granted = await client.post("/token", data=form)
    assert granted.status_code == 200, granted.text
    assert (await client.post("/token", data=form)).json()["error"] == "invalid_grant"
    found: dict[str, str] = granted.json()
    return found


async def test_a_person_signs_in_and_services_believe_the_token(client: httpx.AsyncClient, home: Settings) -> None:
    page = await client.get("/authorize", params=ASKED)
    assert page.status_code == 200
    assert "http://" not in page.text.replace(BACK, "")
    assert "Министерство" in page.text
    granted = await signed_in(client, user="municipality:74-miass")
    actor = await tokens(client, home).actor(f"Bearer {granted['access_token']}")
    assert (actor.role, dict(actor.attributes)["municipality"]) == ("municipality", "74-miass")


async def test_a_challenge_that_is_none_is_met_by_no_verifier(client: httpx.AsyncClient) -> None:
    sent = await client.get("/authorize", params={**ASKED, "user": "ministry", "code_challenge": "ключ"})
    [code] = parse_qs(urlsplit(sent.headers["location"]).query)["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "client_id": "portal"}
    answered = await client.post("/token", data={**form, "code_verifier": VERIFIER})
    assert (answered.status_code, answered.json()["error"]) == (400, "invalid_grant")


async def test_any_municipality_may_be_named_on_the_page(client: httpx.AsyncClient, home: Settings) -> None:
    granted = await signed_in(client, role="municipality", own="74-brand-new")
    actor = await tokens(client, home).actor(f"Bearer {granted['access_token']}")
    assert dict(actor.attributes)["municipality"] == "74-brand-new"


async def test_an_identity_token_is_no_access_token(client: httpx.AsyncClient, home: Settings) -> None:
    granted = await signed_in(client, user="ministry")
    with pytest.raises(Unauthenticated):
        await tokens(client, home).actor(f"Bearer {granted['id_token']}")


@pytest.mark.parametrize(
    "wrong",
    [
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": "http://evil.example\\@127.0.0.1/"},
        {"redirect_uri": "http://evil.example@127.0.0.1/"},
        {"redirect_uri": "javascript://127.0.0.1/"},
        {"redirect_uri": "http://[127.0.0.1/"},
        {"code_challenge": ""},
        {"code_challenge_method": "plain"},
        {"response_type": "token"},
        {"client_id": ""},
        {"user": "king"},
        {"user": "municipality"},
    ],
    ids=str,
)
async def test_an_unusable_request_gets_a_page_and_no_code(client: httpx.AsyncClient, wrong: dict[str, str]) -> None:
    answered = await client.get("/authorize", params={**ASKED, "user": "ministry", **wrong})
    assert answered.status_code == 400
    assert "location" not in answered.headers


@pytest.mark.parametrize("where", ["https://evil.example/", "http://evil.example\\@127.0.0.1/", "http://a@127.0.0.1/"])
async def test_signing_out_leads_to_this_machine_only(client: httpx.AsyncClient, where: str) -> None:
    assert "location" not in (await client.get("/logout", params={"post_logout_redirect_uri": where})).headers


async def test_what_a_client_sends_is_never_shown_unescaped(client: httpx.AsyncClient) -> None:
    page = await client.get("/authorize", params={**ASKED, "state": '"><script>alert(1)</script>'})
    assert "<script>" not in page.text


@pytest.mark.parametrize("by_header", [True, False])
async def test_a_system_gets_a_token_for_its_secret(
    client: httpx.AsyncClient, home: Settings, *, by_header: bool
) -> None:
    form = {"grant_type": "client_credentials", "scope": "results:write"}
    secret = {"client_id": "gis-education", "client_secret": "gis-education-secret"}
    if by_header:
        granted = await client.post("/token", data=form, auth=("gis-education", "gis-education-secret"))
    else:
        granted = await client.post("/token", data=form | secret)
    actor = await tokens(client, home).actor(f"Bearer {granted.json()['access_token']}")
    assert (actor.role, actor.client_id, actor.scopes) == ("system", "gis-education", {"results:write"})


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"grant_type": "client_credentials", "client_id": "demo", "client_secret": "no"}, 401, "invalid_client"),
        ({"grant_type": "client_credentials", "client_id": "x", "client_secret": "я"}, 401, "invalid_client"),
        (
            {"grant_type": "client_credentials", "client_id": "demo", "client_secret": "demo-secret", "scope": "all"},
            400,
            "invalid_scope",
        ),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "authorization_code", "code": "x"}, 400, "invalid_grant"),
        ({}, 400, "unsupported_grant_type"),
    ],
)
async def test_the_token_endpoint_refuses_in_the_words_of_the_standard(
    client: httpx.AsyncClient, form: dict[str, str], status: int, error: str
) -> None:
    answered = await client.post("/token", data=form)
    assert (answered.status_code, answered.json()["error"]) == (status, error)


async def test_what_was_granted_and_refused_is_counted_beside_the_measures_of_the_process(
    client: httpx.AsyncClient,
) -> None:
    async def count(outcome: str) -> float:
        told = (await client.get("/metrics")).text
        found = re.search(rf'^rsoko_identity_tokens_total{{outcome="{outcome}"}} (.*)$', told, re.MULTILINE)
        return float(found.group(1)) if found else 0.0

    before = await count("granted"), await count("invalid_client")
    form = {"grant_type": "client_credentials", "client_id": "demo"}
    for secret in ("demo-secret", "no", "no"):
        await client.post("/token", data=form | {"client_secret": secret})
    assert (await count("granted"), await count("invalid_client")) == (before[0] + 1, before[1] + 2)
    assert "process_resident_memory_bytes" in (await client.get("/metrics")).text


async def test_tokens_of_the_command_line_are_believed_too(client: httpx.AsyncClient, home: Settings) -> None:
    believed = tokens(client, home)
    actor = await believed.actor(f"Bearer {issue('ministry', settings=home)}")
    assert actor.role == "ministry"
    with pytest.raises(Unauthenticated):
        await believed.actor(f"Bearer {issue('ministry', ttl=-3600, settings=home)}")


async def test_tokens_of_another_state_folder_are_foreign(
    client: httpx.AsyncClient, home: Settings, tmp_path: Path
) -> None:
    other = Settings(home=tmp_path / "other", port_base=home.port_base)
    with pytest.raises(Unauthenticated):
        await tokens(client, home).actor(f"Bearer {issue('ministry', settings=other)}")


def test_the_issuer_refuses_to_start_unless_local(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RSOKO_HOME", str(tmp_path))
    for environment in ("production", ""):
        monkeypatch.setenv("RSOKO_ENV", environment)
        with pytest.raises(Failed, match="RSOKO_ENV=local"):
            create()
    assert not list(tmp_path.iterdir())
