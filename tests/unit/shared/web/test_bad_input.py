"""Generated input: whatever is sent, the answer is an answer, and a refusal is a problem document."""

import asyncio
from collections.abc import Mapping
from urllib.parse import quote_from_bytes

import httpx
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.shared.signing import Issuer

anything = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
texts = st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=40)
exact = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10)
values = st.recursive(
    exact, lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=6), one, max_size=3)
)


def _sent(app: FastAPI, method: str, path: str, **what: object) -> None:
    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://toy") as client:
            return await client.request(method, path, **what)

    answer = asyncio.run(send())
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code


def _json(issuer: Issuer) -> Mapping[str, str]:
    return {"Content-Type": "application/json", **issuer.bearer()}


@anything
@given(body=st.binary(max_size=200))
def test_any_bytes_are_answered(app: FastAPI, issuer: Issuer, body: bytes):
    _sent(app, "POST", "/v1/things", content=body, headers=_json(issuer))


@anything
@given(body=st.dictionaries(st.sampled_from(["name", "kind", "values", "at", "x/~"]), values))
def test_any_json_is_answered(app: FastAPI, issuer: Issuer, body: dict[str, object]):
    import json

    _sent(app, "POST", "/v1/things", content=json.dumps(body).encode(), headers=_json(issuer))


@anything
@given(
    name=st.sampled_from(
        ["If-None-Match", "If-Match", "Idempotency-Key", "Authorization", "X-Correlation-Id", "traceparent", "Accept",
         "Content-Type", "Content-Length-Hint", "Origin", "Cookie"]
    ),
    value=texts,
)  # fmt: skip
def test_any_header_is_answered(app: FastAPI, issuer: Issuer, *, name: str, value: str):
    headers = [(one, told.encode("latin-1")) for one, told in {**_json(issuer), name: value.strip()}.items()]
    for method, path in (("GET", "/v1/things/hot"), ("PUT", "/v1/things/1"), ("POST", "/v1/things")):
        _sent(app, method, path, content=b'{"name": "ab"}', headers=headers)


@anything
@given(cursor=st.text(max_size=30), limit=st.text(max_size=5), path=st.binary(max_size=20))
def test_any_address_is_answered(app: FastAPI, issuer: Issuer, *, cursor: str, limit: str, path: bytes):
    params = {name: told.encode("utf-8", "replace") for name, told in {"cursor": cursor, "limit": limit}.items()}
    _sent(app, "GET", "/v1/things", params=params, headers=issuer.bearer())
    _sent(app, "PUT", f"/v1/things/{quote_from_bytes(path)}", headers=issuer.bearer() | {"If-Match": '"1"'})
