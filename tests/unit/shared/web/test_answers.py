"""Answers and conditions: exact numbers, ETags, revisions, repeats, cursors, pages."""

import hashlib
from datetime import datetime
from typing import Any

import httpx
import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel import Malformed
from shared.policy import Actor
from shared.web import etag_of, read_cursor, write_cursor
from shared.web.answers import matches
from shared.web.conditions import idempotency_key
from tests.unit.shared.signing import Issuer
from tests.unit.shared.web.conftest import HOT


async def test_numbers_come_back_as_they_were_sent(client: httpx.AsyncClient):
    body = b'{"name": "ab", "values": {"a": 0.10, "b": "1.5", "c": 3}}'
    answer = await client.post("/v1/things", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 201
    assert answer.json()["thing"]["values"] == {"a": "0.1", "b": "1.5", "c": "3"}
    assert (answer.headers["location"], answer.headers["etag"]) == ("/v1/things/1", '"1"')


async def test_a_reader_who_has_the_bytes_gets_304(client: httpx.AsyncClient):
    first = await client.get("/v1/things/hot?group=a")
    assert first.headers["etag"] == etag_of(first.content)
    again = await client.get("/v1/things/hot?group=a", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    other = await client.get("/v1/things/hot?group=b", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


async def test_a_reader_who_names_what_he_has_in_several_lines_gets_304(client: httpx.AsyncClient):
    tag = (await client.get("/v1/things/hot?group=a")).headers["etag"]
    for lines in (['"other"', tag], [tag, '"other"']):
        told = [("If-None-Match", one) for one in lines]
        assert (await client.get("/v1/things/hot?group=a", headers=told)).status_code == 304


async def test_two_lines_of_if_match_name_two_revisions(client: httpx.AsyncClient, issuer: Issuer):
    told = [*issuer.bearer().items(), ("If-Match", '"1"'), ("If-Match", '"2"')]
    answer = await client.put("/v1/things/7", headers=told)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-if-match")


async def test_an_answer_kept_ready_serves_the_public_and_steps_aside_for_a_token(
    client: httpx.AsyncClient, issuer: Issuer
):
    assert (await client.get("/v1/things/hot")).content == HOT.body
    assert (await client.get("/v1/things/hot", headers={"If-None-Match": HOT.etag})).status_code == 304
    assert (await client.get("/v1/things/hot", headers=issuer.bearer())).text == '"all ministry"'
    assert (await client.get("/v1/things/hot", headers={"Authorization": "Bearer x"})).status_code == 401


@pytest.mark.parametrize(
    ("header", "hit"),
    [('"a"', True), ('W/"a"', True), ('"b", "a"', True), ("*", True), ('"b"', False), ("", False), (None, False)],
)
def test_if_none_match_is_compared_weakly(header: str | None, hit: bool):  # noqa: FBT001 - parametrized
    assert matches(header, '"a"') is hit


@pytest.mark.parametrize(
    ("header", "status", "code"),
    [
        (None, 428, "if-match-required"),
        ("*", 400, "invalid-if-match"),
        ('W/"1"', 400, "invalid-if-match"),
        ("1", 400, "invalid-if-match"),
        ('"1" 2', 400, "invalid-if-match"),
        ('"x"', 412, "stale-revision"),
        ('"1", "2"', 400, "invalid-if-match"),
        ('"' + "9" * 40 + '"', 412, "stale-revision"),
    ],
)
async def test_a_change_names_the_revision_it_has_read(
    client: httpx.AsyncClient, issuer: Issuer, *, header: str | None, status: int, code: str
):
    headers = issuer.bearer() | ({"If-Match": header} if header else {})
    answer = await client.put("/v1/things/7", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize("header", ['"12"', ' "x", "12" ', 'W/"1","12"', '"12", "12"', '"a,b" , "12"'])
async def test_the_revision_reaches_the_use_case(client: httpx.AsyncClient, issuer: Issuer, header: str):
    answer = await client.put("/v1/things/7", headers={**issuer.bearer(), "If-Match": header})
    assert answer.json() == {"thing": "7", "revision": 12, "by": "u1"}


async def _key_of(client: httpx.AsyncClient, key: str, body: str, headers: dict[str, str]) -> tuple[str, str]:
    answer = await client.post(
        "/v1/things", content=body, headers={"Content-Type": "application/json", "Idempotency-Key": key, **headers}
    )
    assert answer.status_code == 201
    return answer.json()["key"], answer.json()["digest"]


async def test_a_repeat_has_the_same_key_and_digest_another_body_another_digest(
    client: httpx.AsyncClient, issuer: Issuer
):
    first = await _key_of(client, "k", '{"name": "ab"}', {})
    assert await _key_of(client, "k", '{"name": "ab"}', {}) == first
    other = await _key_of(client, "k", '{"name": "cd"}', {})
    assert (other[0], other[1] != first[1]) == (first[0], True)
    assert (await _key_of(client, "l", '{"name": "ab"}', {}))[0] != first[0]
    assert (await _key_of(client, "k", '{"name": "ab"}', issuer.bearer()))[0] != first[0]


async def test_a_key_is_of_one_role_and_one_place(client: httpx.AsyncClient, issuer: Issuer):
    """One account may be let into two municipalities: the answer to the one is not for the other."""
    whose = [issuer.bearer("municipality", municipality_id=one) for one in ("m1", "m2")] + [issuer.bearer("ministry")]
    assert len({(await _key_of(client, "k", '{"name": "ab"}', one))[0] for one in whose}) == 3


async def test_a_claim_that_decides_nothing_is_no_other_place(client: httpx.AsyncClient, issuer: Issuer):
    plain = issuer.bearer("municipality", municipality_id="m1")
    more = issuer.bearer("municipality", municipality_id="m1", client_id="other", session_id="7")
    assert await _key_of(client, "k", '{"name": "ab"}', more) == await _key_of(client, "k", '{"name": "ab"}', plain)


async def test_what_was_done_before_places_were_kept_apart_is_looked_for_too():
    asked = {"method": "POST", "path": "/v1/things", "query_string": b"", "headers": [(b"if-match", b'"1"')]}
    request = Request({"type": "http", **asked}, _empty)
    actor = Actor(role="ministry", subject="u1")
    repeat = await idempotency_key(request, actor, "k")
    assert repeat is not None
    key, digest = (hashlib.sha256(one).hexdigest() for one in (b"u1\nPOST\n/v1/things\nk", b"\n"))
    assert repeat.before == (key, digest)
    assert (repeat.key != key, repeat.digest != digest) == (True, True), "the revision was no part of the digest"


async def _empty() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


async def test_what_is_written_over_another_revision_is_another_request(client: httpx.AsyncClient):
    asked = ({}, {"If-Match": '"1"'}, {"If-Match": '"2"'})
    told = [await _key_of(client, "k", '{"name": "ab"}', headers) for headers in asked]
    assert (len({key for key, _ in told}), len({digest for _, digest in told})) == (1, 3)
    assert await _key_of(client, "k", '{"name": "ab"}', {"If-Match": ' "2" '}) == told[2]


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "\x7f"])
async def test_a_bad_idempotency_key_is_refused(client: httpx.AsyncClient, key: str):
    answer = await client.post("/v1/things", json={"name": "ab"}, headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-idempotency-key")


async def test_a_page_links_to_the_next_and_keeps_the_other_parameters(client: httpx.AsyncClient, issuer: Issuer):
    first = (await client.get("/v1/things?limit=2&kind=%D1%8F", headers=issuer.bearer())).raise_for_status()
    assert first.json()["items"] == [0, "1/3", "1.5"]
    address = first.headers["link"].removesuffix('>; rel="next"').removeprefix("<")
    assert "limit=2&kind=%D1%8F&cursor=" in address
    second = (await client.get(address, headers=issuer.bearer())).raise_for_status()
    assert second.json()["items"][0] == 2


@pytest.mark.parametrize(
    "cursor", ["x", "!!!", "", "AAAA", "я" * 10, write_cursor("others", 2), write_cursor("things", 2)[:-1]]
)
async def test_a_foreign_or_damaged_cursor_is_refused(client: httpx.AsyncClient, issuer: Issuer, cursor: str):
    answer = await client.get("/v1/things", params={"cursor": cursor}, headers=issuer.bearer())
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-cursor")


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_cursors(cursor: str):
    with pytest.raises(Malformed):
        read_cursor("things", cursor, int)


@given(st.lists(st.integers(-(2**63), 2**63 - 1) | st.text(max_size=10), min_size=2, max_size=4))
def test_a_cursor_is_read_back(place: list[int | str]):
    shape = [type(part) for part in place]
    assert read_cursor("things", write_cursor("things", place), *shape) == place
    assert read_cursor("things", write_cursor("things", place), *shape, str, least=len(shape)) == place


NOON = "2022-11-01T12:00:00Z"


@pytest.mark.parametrize(
    ("place", "shape"),
    [
        *((one, (int,)) for one in (None, True, 1.5, "1", [1], {"$gt": 0}, 2**63)),
        *((one, (str,)) for one in (None, True, 1, ["x"], {"$gt": ""})),
        *((one, (str, int)) for one in ("x", ["x"], ["x", 1, 1], ["x", True], [{"$gt": ""}, 1], {"x": 1})),
        *(([one, "x"], (datetime, str)) for one in (1, "x", "2022", NOON[:-1], "9999-12-31T23:59:59-14:00", None)),
    ],
)
def test_a_made_up_place_of_another_shape_is_refused(place: Any, shape: tuple[Any, ...]):
    with pytest.raises(Malformed):
        read_cursor("things", write_cursor("things", place), *shape)


def test_an_instant_in_a_place_stays_text():
    assert read_cursor("things", write_cursor("things", [NOON, "x"]), datetime, str) == [NOON, "x"]
