"""Local tokens: signed, typed, short-lived, for known people only, and never outside the local mode."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from joserfc import jwt

from deploy.cli.token import issue
from deploy.local import Failed, Settings
from deploy.local.issuer import keys, page, people
from deploy.local.issuer.app import require_local
from deploy.local.issuer.codes import Codes, Request, challenge
from deploy.local.issuer.tokens import Issuer
from deploy.local.schools import generate
from shared.testing import CountingIds, FrozenClock

ASKED = Request(client="portal", redirect_uri="http://127.0.0.1/cb", challenge=challenge("v"))


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    key = keys.load_or_make(tmp_path)
    return Issuer(address="http://i", audience="rsoko", key=key, clock=FrozenClock(), new_id=CountingIds("jti"))


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first, second = keys.load_or_make(tmp_path), keys.load_or_make(tmp_path)
    assert first.thumbprint() == second.thumbprint()
    assert stat.S_IMODE((tmp_path / keys.FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [keys.FILE]


def test_an_access_token_says_all_that_rfc_9068_asks_for(issuer: Issuer) -> None:
    who = people.person("municipality", {"municipality_id": "74-miass"})
    token = jwt.decode(issuer.access(who, client="portal", scopes=["openid"], ttl=timedelta(hours=1)), issuer.key)
    assert token.header == {"typ": "at+jwt", "alg": "ES256", "kid": issuer.key.kid}
    now = int(FrozenClock()().timestamp())
    assert token.claims == {
        "iss": "http://i",
        "aud": "rsoko",
        "sub": "municipality:74-miass",
        "client_id": "portal",
        "iat": now,
        "exp": now + 3600,
        "jti": "jti-1",
        "scope": "openid",
        "role": "municipality",
        "municipality_id": "74-miass",
        "name": who.name,
    }


def test_public_keys_hold_no_secret(issuer: Issuer) -> None:
    (key,) = issuer.public_keys()["keys"]
    assert "d" not in key
    assert (key["kid"], key["alg"], key["use"]) == (issuer.key.kid, "ES256", "sig")


def test_every_role_has_a_demo_user() -> None:
    assert {who.role for who in people.demo()} == set(people.NAMES) - {"system"}


@pytest.mark.parametrize("role", ["municipality", "organization", "expert", "king", "system"])
def test_a_role_without_its_id_or_unknown_is_refused(role: str) -> None:
    with pytest.raises(people.UnknownPerson):
        people.person(role)


def test_a_code_is_taken_once_for_the_same_request_only() -> None:
    clock = FrozenClock()
    codes, who = Codes(clock), people.parse("ministry")
    code = codes.give(ASKED, who)
    assert codes.take(code, client="portal", redirect_uri=ASKED.redirect_uri, verifier="v") == (ASKED, who)
    assert codes.take(code, client="portal", redirect_uri=ASKED.redirect_uri, verifier="v") is None


@pytest.mark.parametrize(
    "other",
    [{"client": "x"}, {"redirect_uri": "http://127.0.0.1/x"}, {"verifier": "w"}],
    ids=lambda other: next(iter(other)),
)
def test_a_code_for_another_request_is_void(other: dict[str, str]) -> None:
    codes = Codes(FrozenClock())
    given = {"client": "portal", "redirect_uri": ASKED.redirect_uri, "verifier": "v"} | other
    assert codes.take(codes.give(ASKED, people.parse("ministry")), **given) is None


def test_a_code_dies_after_a_minute() -> None:
    clock = FrozenClock()
    codes = Codes(clock)
    code = codes.give(ASKED, people.parse("ministry"))
    clock.move(seconds=60)
    assert codes.take(code, client="portal", redirect_uri=ASKED.redirect_uri, verifier="v") is None


def test_outside_the_local_mode_nothing_is_issued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RSOKO_ENV", "production")
    with pytest.raises(Failed, match="RSOKO_ENV=local"):
        issue("ministry", settings=Settings(home=tmp_path))
    with pytest.raises(Failed):
        require_local("")
    assert not list(tmp_path.iterdir())


def test_a_system_token_carries_its_client_and_scopes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RSOKO_ENV", raising=False)
    settings = Settings(home=tmp_path)
    key = keys.load_or_make(settings.keys)
    claims = jwt.decode(issue("system", client="gis-education", settings=settings), key).claims
    assert (claims["sub"], claims["client_id"], claims["role"]) == (
        "gis-education",
        "gis-education",
        "system",
    )
    assert claims["scope"].split() == list(people.SYSTEM_SCOPES)
    narrow = jwt.decode(issue("system", scopes=["ratings:read"], settings=settings), key).claims
    assert narrow["scope"] == "ratings:read"


def test_the_login_page_names_a_school_that_the_demo_data_have_and_says_nothing_twice() -> None:
    [school] = generate(count=1, seed=1).schools
    assert people.EXAMPLES["organization"] == school.id
    text = page.login({})
    assert ">Эксперт</label>" in text
    assert ">Муниципалитет (Муниципальный орган управления образованием)</label>" in text
