"""Tokens: who is believed, who is not, and what happens while the issuer is away."""

import asyncio
import base64
import json
from typing import Any

import httpx
import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from shared.auth import FETCH_SECONDS, LONGEST, REMEMBERED, Tokens, fetch_over_http
from shared.kernel import Unauthenticated, Unavailable
from shared.policy import NOBODY
from shared.testing import FrozenClock
from tests.unit.shared.signing import Issuer, part


async def test_a_good_token_names_the_actor_with_its_attributes_and_scopes(tokens: Tokens, issuer: Issuer):
    token = issuer.token(
        "municipality", municipality_id="74-a", client_id="portal", scope="results:read x", name="Иванова"
    )
    actor = await tokens.actor(f"Bearer {token}")
    assert (actor.role, actor.subject, actor.client_id, actor.name) == ("municipality", "u1", "portal", "Иванова")
    assert dict(actor.attributes) == {"municipality": "74-a", "client": "portal"}
    assert actor.scopes == {"results:read", "x"}


async def test_no_token_is_nobody(tokens: Tokens):
    assert await tokens.actor(None) is NOBODY


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://other.example"},
        {"aud": "another"},
        {"aud": None},
        {"exp": None},
        {"sub": None},
        {"exp": "tomorrow"},
        {"nbf": 99999999999},
        {"exp": 99999999999},
    ],
)
async def test_foreign_or_incomplete_claims_are_refused(tokens: Tokens, issuer: Issuer, claims: dict[str, Any]):
    with pytest.raises(Unauthenticated) as told:
        await tokens.actor(f"Bearer {issuer.token(**claims)}")
    assert told.value.code == "invalid-token"


async def test_a_token_lives_thirty_seconds_past_its_end_and_no_longer(
    tokens: Tokens, issuer: Issuer, clock: FrozenClock
):
    header = f"Bearer {issuer.token()}"
    assert (await tokens.actor(header)).expires == clock().timestamp() + 330
    clock.move(seconds=329)
    assert (await tokens.actor(header)).role == "ministry"
    clock.move(seconds=1)
    assert tokens.known(header) is None
    with pytest.raises(Unauthenticated) as told:
        await tokens.actor(header)
    assert told.value.code == "token-expired"


@pytest.mark.parametrize("typ", ["JWT", "id_token", ""])
async def test_a_well_signed_token_of_another_type_is_no_access_token(tokens: Tokens, issuer: Issuer, typ: str):
    """An identity token has the same issuer and may have the same audience: only its type tells it apart."""
    assert (await tokens.actor(f"Bearer {issuer.token(header={'typ': 'AT+JWT'})}")).role == "ministry"
    with pytest.raises(Unauthenticated) as told:
        await tokens.actor(f"Bearer {issuer.token(header={'typ': typ})}")
    assert "at+jwt" in told.value.detail


@pytest.mark.parametrize(("more", "taken"), [(0, True), (1, False)])
async def test_a_well_signed_token_is_taken_up_to_its_greatest_length(
    tokens: Tokens, issuer: Issuer, *, more: int, taken: bool
):
    token = _as_long_as(LONGEST + more, issuer)
    if taken:
        assert (await tokens.actor(f"Bearer {token}")).role == "ministry"
        return
    with pytest.raises(Unauthenticated) as told:
        await tokens.actor(f"Bearer {token}")
    assert "at+jwt" in told.value.detail


def _as_long_as(length: int, issuer: Issuer) -> str:
    """A good token of exactly this length: what is missing fills its header and a claim, three letters making four."""
    for filler in range(4):
        head = {"cty": "y" * filler}
        missing = length - len(issuer.token(header=head, name=""))
        for more in range(missing * 3 // 4 - 3, missing * 3 // 4 + 4):
            token = issuer.token(header=head, name="n" * more)
            if len(token) == length:
                return token
    raise AssertionError(length)


@pytest.mark.parametrize("header", [{"typ": None}, {"kid": "unknown"}, {"kid": 5}])
async def test_a_header_without_a_type_or_with_an_unknown_key_is_refused(
    tokens: Tokens, issuer: Issuer, header: dict[str, Any]
):
    with pytest.raises(Unauthenticated):
        await tokens.actor(f"Bearer {issuer.resigned(header)}")


async def test_no_algorithm_and_a_shared_secret_are_refused(tokens: Tokens, issuer: Issuer):
    _, claims, _ = issuer.token().split(".")
    nothing = f"{part({'typ': 'at+jwt', 'alg': 'none', 'kid': 'one'})}.{claims}."
    public = json.dumps(issuer.keys["one"].as_dict(private=False))
    issuer.keys = {"one": OctKey.import_key(public.encode(), {"kid": "one"})}
    forged = issuer.token(header={"alg": "HS256"})
    for token in (nothing, forged):
        with pytest.raises(Unauthenticated):
            await tokens.actor(f"Bearer {token}")


async def test_a_changed_claim_breaks_the_signature(tokens: Tokens, issuer: Issuer):
    head, claims, signature = issuer.token("municipality").split(".")
    told = json.loads(base64.urlsafe_b64decode(claims + "=="))
    with pytest.raises(Unauthenticated):
        await tokens.actor(f"Bearer {head}.{part({**told, 'role': 'ministry'})}.{signature}")


@pytest.mark.parametrize(
    "header",
    ["Basic eDp5", "Bearer", "Bearer ", "Bearer x", "Bearer a.b.c", "Bearer ..", "Bearer \xff.\xff.\xff", "Bearer "
     + "x" * 9000, "Bearer " + part([]) + ".e30.x", "Bearer " + base64.urlsafe_b64encode(b"[" * 5000).decode()],
)  # fmt: skip
async def test_what_is_no_token_is_refused_without_asking_the_issuer(tokens: Tokens, issuer: Issuer, header: str):
    with pytest.raises(Unauthenticated):
        await tokens.actor(header)
    assert issuer.fetched == 0


async def test_rsa_keys_are_taken_as_well(tokens: Tokens, issuer: Issuer):
    issuer.keys = {"r": RSAKey.generate_key(2048, {"kid": "r"})}
    assert (await tokens.actor(f"Bearer {issuer.token(header={'alg': 'RS256'})}")).role == "ministry"


async def test_keys_for_encryption_are_not_used(tokens: Tokens, issuer: Issuer):
    token = issuer.token()
    published = {**issuer.keys["one"].as_dict(private=False), "use": "enc"}
    issuer.keys = {"one": ECKey.import_key(published)}
    with pytest.raises(Unavailable):
        await tokens.actor(f"Bearer {token}")


async def test_a_passed_token_is_not_verified_again(tokens: Tokens, issuer: Issuer):
    header = f"Bearer {issuer.token()}"
    first = await tokens.actor(header)
    assert tokens.known(header) is first
    assert await tokens.actor(header) is first
    assert issuer.fetched == 1


async def test_remembered_tokens_are_bounded(tokens: Tokens, issuer: Issuer):
    await tokens.actor(f"Bearer {issuer.token()}")
    for number in range(REMEMBERED + 5):
        tokens._remember(str(number), NOBODY, "one")
    assert len(tokens._passed) == REMEMBERED


async def test_a_rotated_key_is_found_and_unknown_ids_do_not_flood_the_issuer(
    tokens: Tokens, issuer: Issuer, clock: FrozenClock
):
    await tokens.actor(f"Bearer {issuer.token()}")
    issuer.rotate("two")
    with pytest.raises(Unauthenticated):
        await tokens.actor(f"Bearer {issuer.token()}")
    assert issuer.fetched == 1
    clock.move(seconds=11)
    assert (await tokens.actor(f"Bearer {issuer.token()}")).role == "ministry"
    assert issuer.fetched == 2


async def test_a_token_of_a_withdrawn_key_is_no_more_believed_for_having_passed_before(
    tokens: Tokens, issuer: Issuer, clock: FrozenClock
):
    header = f"Bearer {issuer.token(exp=int(clock().timestamp() + 7200))}"
    await tokens.actor(header)
    issuer.rotate("two")
    clock.move(minutes=11)
    assert (await tokens.actor(header)).role == "ministry", "believed while the keys are asked for"
    await tokens._keys._refreshing
    assert tokens.known(header) is None
    clock.move(seconds=11)
    with pytest.raises(Unauthenticated):
        await tokens.actor(header)


async def test_a_token_that_passed_is_not_believed_longer_than_keys_of_an_issuer_that_is_away(
    tokens: Tokens, issuer: Issuer, clock: FrozenClock
):
    header = f"Bearer {issuer.token(exp=int(clock().timestamp() + 48 * 3600))}"
    await tokens.actor(header)
    issuer.away = True
    clock.move(hours=25)
    assert tokens.known(header) is None
    with pytest.raises(Unavailable):
        await tokens.actor(header)


async def test_an_issuer_that_is_away_closes_the_door_for_new_keys_only(
    tokens: Tokens, issuer: Issuer, clock: FrozenClock
):
    issuer.away = True
    with pytest.raises(Unavailable):
        await tokens.actor(f"Bearer {issuer.token()}")
    issuer.away = False
    clock.move(seconds=11)
    await tokens.actor(f"Bearer {issuer.token()}")
    issuer.away = True
    clock.move(hours=1)
    assert (await tokens.actor(f"Bearer {issuer.token()}")).role == "ministry"
    with pytest.raises(Unavailable):
        await tokens.actor(f"Bearer {issuer.resigned({'kid': 'new'})}")
    clock.move(hours=24)
    with pytest.raises(Unavailable):
        await tokens.actor(f"Bearer {issuer.token()}")


async def test_who_holds_a_known_key_does_not_wait_for_an_issuer_that_hangs(
    tokens: Tokens, issuer: Issuer, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
):
    await tokens.actor(f"Bearer {issuer.token()}")
    asked, answers = [], asyncio.Event()

    async def hangs() -> Any:
        asked.append(1)
        await answers.wait()
        return await issuer.fetch()

    monkeypatch.setattr(tokens._keys, "_fetch", hangs)
    clock.move(minutes=11)
    async with asyncio.timeout(5):
        for name in ("a", "b"):
            assert (await tokens.actor(f"Bearer {issuer.token(sub=name)}")).subject == name
            await asyncio.sleep(0)
    assert asked == [1], "asked behind their backs, once"
    answers.set()
    await tokens._keys._refreshing
    assert issuer.fetched == 2


async def test_an_issuer_that_does_not_answer_in_time_is_away(
    tokens: Tokens, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
):
    async def hangs() -> Any:
        await asyncio.Event().wait()

    monkeypatch.setattr("shared.auth.FETCH_SECONDS", 0.01)
    monkeypatch.setattr(tokens._keys, "_fetch", hangs)
    with pytest.raises(Unavailable):
        await tokens.actor(f"Bearer {issuer.token()}")


async def test_of_many_who_wait_for_an_issuer_that_hangs_one_asks_it(
    tokens: Tokens, issuer: Issuer, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
):
    asked: list[int] = []

    async def hangs() -> Any:
        asked.append(1)
        clock.move(seconds=FETCH_SECONDS)
        await asyncio.Event().wait()

    monkeypatch.setattr("shared.auth.FETCH_SECONDS", 0.01)
    monkeypatch.setattr(tokens._keys, "_fetch", hangs)
    waiting = [tokens.actor(f"Bearer {issuer.resigned({'kid': f'k{number}'})}") for number in range(30)]
    told = await asyncio.gather(*waiting, return_exceptions=True)
    assert {type(one) for one in told} == {Unavailable}
    assert asked == [1], "those behind the first one would wait ten seconds each"


@pytest.mark.parametrize("role", [None, "public", "", 7])
async def test_a_token_without_a_usable_role_has_none(tokens: Tokens, issuer: Issuer, role: Any):
    actor = await tokens.actor(f"Bearer {issuer.token(role)}")
    assert actor.role == "none"
    assert not actor.public


async def test_the_keys_are_where_the_discovery_document_says(monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        told = {"jwks_uri": "https://issuer.example/keys"} if "openid" in request.url.path else {"keys": []}
        return httpx.Response(200, json=told)

    real = httpx.AsyncClient
    monkeypatch.setattr(httpx, "AsyncClient", lambda **options: real(transport=httpx.MockTransport(answer), **options))
    assert await fetch_over_http(issuer="https://issuer.example/")() == {"keys": []}
    assert await fetch_over_http(issuer="x", jwks="https://issuer.example/inner")() == {"keys": []}
    assert asked == ["/.well-known/openid-configuration", "/keys", "/inner"]
