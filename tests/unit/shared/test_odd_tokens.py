"""Odd tokens: whatever stands in a header or in well-signed claims, the answer is an actor or a refusal."""

import asyncio
import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.auth import Tokens
from shared.kernel import Unauthenticated
from shared.policy import Actor
from tests.unit.shared.signing import Issuer

anything = settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
plain = st.none() | st.booleans() | st.integers() | st.floats() | st.just(10**400) | st.text(max_size=10)
values = st.recursive(
    plain, lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=6), one, max_size=3)
)
# Beside a type, an algorithm and a key that are ours: others are refused before the rest is looked at.
HEADERS = ("crit", "b64", "zip", "enc", "cty", "jwk", "jku", "x5c", "x5t", "x5u")
CLAIMS = ("iss", "aud", "exp", "nbf", "iat", "sub", "jti", "role", "scope", "client_id", "name", "municipality_id")


@pytest.mark.parametrize(
    "header",
    [
        {"crit": 5},
        {"crit": None},
        {"crit": []},
        {"crit": [{}]},
        {"crit": ["b64"], "b64": False},
        {"b64": False},
        {"zip": "DEF"},
        {"jwk": 5},
        {"x5c": "a"},
        {"alg": ["ES256"]},
        {"alg": {"a": 1}},
        {"typ": ["at+jwt"]},
        {"kid": {"a": 1}},
        {"kid": "\ud800"},
    ],
)
async def test_an_odd_header_is_refused(tokens: Tokens, issuer: Issuer, header: dict[str, Any]):
    with pytest.raises(Unauthenticated) as told:
        await tokens.actor(f"Bearer {issuer.resigned(header)}")
    assert told.value.code == "invalid-token"


@pytest.mark.parametrize("end", [pytest.param(10**400, id="endless"), math.inf, -math.inf, math.nan, True, [], {}])
async def test_a_well_signed_token_without_a_usable_end_is_refused(tokens: Tokens, issuer: Issuer, end: Any):
    with pytest.raises(Unauthenticated):
        await tokens.actor(f"Bearer {issuer.token(exp=end)}")


@anything
@given(name=st.sampled_from(HEADERS), value=values)
def test_any_header_is_answered(tokens: Tokens, issuer: Issuer, name: str, value: Any):
    _asked(tokens, issuer.resigned({name: value}))


@anything
@given(name=st.sampled_from(CLAIMS), value=values)
def test_any_well_signed_claims_are_answered(tokens: Tokens, issuer: Issuer, name: str, value: Any):
    _asked(tokens, issuer.token(**{"role": "ministry", name: value}))


def _asked(tokens: Tokens, token: str) -> None:
    try:
        actor = asyncio.run(tokens.actor(f"Bearer {token}"))
    except Unauthenticated:
        return
    assert isinstance(actor, Actor)
    assert math.isfinite(actor.expires)
