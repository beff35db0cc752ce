"""Refusals and failures over HTTP: problem documents with a code, words and pointers."""

import json
from collections.abc import MutableMapping
from typing import Any

import httpx
import pytest

from shared.kernel import FieldError, Kind, Refused
from shared.web import STATUS
from shared.web.invalid import wrong_fields
from shared.web.problems import problem_of
from tests.unit.shared.signing import Issuer

JSON = {"Content-Type": "application/json"}
STANDARD = {"type", "title", "status", "detail", "code", "errors"}


def _is_problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert not STANDARD - set(told)
    assert (told["status"], told["code"], told["type"]) == (status, code, f"/problems/{code}")
    return told


def test_every_kind_of_refusal_has_its_status():
    assert set(STATUS) == set(Kind)
    assert len(set(STATUS.values())) == len(Kind)


async def test_a_refusal_keeps_its_fields_and_cannot_change_its_status(client: httpx.AsyncClient):
    told = _is_problem(await client.get("/v1/things/broken/refused"), 409, "thing-exists")
    assert told["existing"] == "7"
    assert told["errors"] == [
        {"pointer": "/values/i1", "code": "out-of-range", "message": "Больше максимума.", "remedy": "Не больше 2."}
    ]


async def test_what_is_away_says_when_to_come_back(client: httpx.AsyncClient):
    answer = await client.get("/v1/things/broken/away")
    _is_problem(answer, 503, "unavailable")
    assert answer.headers["retry-after"] == "7"


async def test_a_bug_answers_with_a_number_and_no_text(client: httpx.AsyncClient, told: list[MutableMapping[str, Any]]):
    answer = await client.get("/v1/things/broken/bug", headers={"X-Correlation-Id": "c-77"})
    body = _is_problem(answer, 500, "internal-error")
    assert "secret" not in answer.text
    assert told[0]["route"] == "/v1/things/broken/{how}"
    assert body["correlation_id"] == answer.headers["x-correlation-id"] == "c-77"


async def test_unknown_addresses_and_methods_are_problems(client: httpx.AsyncClient):
    _is_problem(await client.get("/nowhere"), 404, "not-found")
    answer = await client.delete("/v1/things/hot")
    _is_problem(answer, 405, "method-not-allowed")
    assert "GET" in answer.headers["allow"]


async def test_every_wrong_field_has_a_pointer_code_words_and_remedy(client: httpx.AsyncClient):
    body = {"name": "x", "kind": "huge", "values": {"a/b": [1], "i~": "ok"}, "at": "2022-11-01T09:00:00", "more": 1}
    told = _is_problem(await client.post("/v1/things", json=body), 422, "invalid-request")
    found = {error["pointer"]: error["code"] for error in told["errors"]}
    assert found == {
        "/name": "too-short",
        "/kind": "not-allowed",
        "/values/a~1b": "not-a-number",
        "/at": "no-time-zone",
        "/more": "unknown-field",
    }
    assert all(error["message"] and error["remedy"] for error in told["errors"])
    assert "'small' или 'large'" in told["errors"][1]["remedy"]


async def test_of_very_many_wrong_fields_the_first_are_listed_and_all_are_counted(client: httpx.AsyncClient):
    body = {"name": "abc", "kind": "small", **{f"more{number}": 1 for number in range(1_900)}}
    answer = await client.post("/v1/things", json=body)
    told = _is_problem(answer, 422, "invalid-request")
    *listed, last = told["errors"]
    assert [one["pointer"] for one in listed] == [f"/more{number}" for number in range(100)]
    assert (last["code"], last["pointer"]) == ("more-errors", "")
    assert "Неверных мест: 1900, названы первые 100." in last["message"]
    assert last["message"] in told["detail"]
    assert len(answer.content) < 30_000


def test_of_a_refusal_with_very_many_wrong_places_the_first_are_listed_and_all_are_counted():
    wrong = [
        FieldError(f"/values/i{number}", "unknown-indicator", "Такого нет.", "Есть: i1.") for number in range(9_000)
    ]
    answer = problem_of(Refused("invalid-what-if", "Так посчитать нельзя", errors=wrong))
    *listed, last = json.loads(answer.body)["errors"]
    assert [one["pointer"] for one in listed] == [f"/values/i{number}" for number in range(100)]
    assert (last["code"], last["pointer"]) == ("more-errors", "")
    assert "Неверных мест: 9000, названы первые 100." in last["message"]
    assert len(answer.body) < 30_000


@pytest.mark.parametrize(
    ("kind", "value", "context", "words"),
    [
        ("string_too_short", "", {"min_length": 1}, "Поле не заполнено. Заполните поле."),
        ("string_too_short", " ", {"min_length": 4}, "Поле не заполнено. Заполните поле."),
        ("string_too_short", "ab", {"min_length": 4}, "Слишком короткая строка. Нужно не меньше 4 знаков."),
        ("string_too_long", "a" * 30, {"max_length": 21}, "Слишком длинная строка. Нужно не больше 21 знака."),
        ("string_pattern_mismatch", "", {"pattern": r"^[0-9]{8}$"}, "Поле не заполнено. Заполните поле."),
        ("string_pattern_mismatch", "7", {"pattern": r"^[0-9]{8}$"}, "Строка не того вида. Нужно восемь цифр."),
    ],
)
def test_what_is_wrong_with_a_text_is_said_in_words(kind: str, value: str, context: dict[str, Any], words: str):
    [told] = wrong_fields([{"type": kind, "loc": ("body", "name"), "input": value, "ctx": context}], {"name": value})
    assert f"{told['message']} {told['remedy']}" == words


async def test_a_missing_field_is_named(client: httpx.AsyncClient):
    told = _is_problem(await client.post("/v1/things", json={}), 422, "invalid-request")
    assert [(one["pointer"], one["code"]) for one in told["errors"]] == [("/name", "required")]


async def test_a_body_that_is_no_object_or_absent_is_refused(client: httpx.AsyncClient):
    told = _is_problem(await client.post("/v1/things", json=[1]), 422, "invalid-request")
    assert told["errors"][0]["code"] == "not-an-object"
    _is_problem(await client.post("/v1/things", content=b"", headers=JSON), 422, "invalid-request")


async def test_a_wrong_parameter_says_where_it_stands(client: httpx.AsyncClient, issuer: Issuer):
    answer = await client.get("/v1/things?limit=0", headers=issuer.bearer())
    told = _is_problem(answer, 422, "invalid-request")
    assert [(one["in"], one["pointer"], one["code"]) for one in told["errors"]] == [("query", "/limit", "out-of-range")]
    answer = await client.get("/v1/things?limit=many", headers=issuer.bearer())
    assert answer.json()["errors"][0]["code"] == "not-an-integer"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed-json"),
        (b'{"name": NaN}', 400, "not-a-number"),
        (b'{"name": "ab", "name": "cd"}', 400, "duplicate-key"),
        (b'{"values": {"a": ' + b"9" * 5000 + b"}}", 400, "number-too-long"),
        (b"\xff\xfe", 400, "invalid-encoding"),
        (b"[" * 10_000, 400, "too-deep"),
        (b'{"name": "' + b"x" * 1_100_000 + b'"}', 413, "body-too-large"),
    ],
)
async def test_an_unreadable_body_is_refused_precisely(client: httpx.AsyncClient, body: bytes, status: int, code: str):
    _is_problem(await client.post("/v1/things", content=body, headers=JSON), status, code)


async def test_a_chunked_body_is_counted_while_it_is_read(client: httpx.AsyncClient):
    sent = 0

    async def chunks() -> Any:
        nonlocal sent
        for _ in range(100):
            sent += 1
            yield b" " * 100_000

    _is_problem(await client.post("/v1/things", content=chunks(), headers=JSON), 413, "body-too-large")
    assert sent < 20


async def test_a_route_may_state_a_limit_of_its_own(client: httpx.AsyncClient):
    assert (await client.post("/v1/things/raw", content=b"x" * 64)).json() == {"bytes": 64}
    told = _is_problem(await client.post("/v1/things/raw", content=b"x" * 65), 413, "body-too-large")
    assert "64 байт" in told["detail"]


@pytest.mark.parametrize(
    "media", [None, "text/plain", "application/x-www-form-urlencoded", "application/json; charset=cp1251"]
)
async def test_another_media_type_is_refused(client: httpx.AsyncClient, media: str | None):
    headers = {"Content-Type": media} if media else {}
    _is_problem(await client.post("/v1/things", content=b"{}", headers=headers), 415, "unsupported-media-type")


@pytest.mark.parametrize("path", ["/v1/things", "/v1/things/raw"])
@pytest.mark.parametrize(("coding", "taken"), [("gzip", False), ("br, gzip", False), ("Identity", True)])
async def test_a_packed_body_is_refused_with_what_is_read(
    client: httpx.AsyncClient, path: str, coding: str, *, taken: bool
):
    answer = await client.post(path, content=b'{"name": "ab"}', headers=JSON | {"Content-Encoding": coding})
    if taken:
        assert answer.is_success
        return
    told = _is_problem(answer, 415, "unsupported-content-encoding")
    assert (answer.headers["accept-encoding"], coding in told["detail"]) == ("identity", True)


@pytest.mark.parametrize(
    "media", ["application/json", "Application/JSON; charset=UTF-8", "application/cloudevents+json"]
)
async def test_kinds_of_json_are_taken(client: httpx.AsyncClient, media: str):
    answer = await client.post("/v1/things", content=b'{"name": "ab"}', headers={"Content-Type": media})
    assert answer.status_code == 201


async def test_a_body_that_may_be_left_out_is(client: httpx.AsyncClient):
    assert (await client.post("/v1/things/7/turn")).json() == {"name": None}
    assert (await client.post("/v1/things/7/turn", json={"name": "ab"})).json() == {"name": "ab"}
    assert (await client.post("/v1/things/7/turn", content=b"name=ab")).status_code == 415
    assert (await client.post("/v1/things")).status_code == 415
