"""Bad input over HTTP on the running platform: a precise refusal in Russian, nothing changed, never a 5xx."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.e2e.conftest import Running
from tests.e2e.people import OWN
from tests.e2e.wrong import ASKED, BATCH, BODY, EVENTS, JSON, MIB10, RESULTS, SUBMITTED, VALUES, changed, raw

RUSSIAN = re.compile(r"[а-яё]", re.IGNORECASE)
TECHNICAL = re.compile(r"Traceback|Exception|pymongo|pydantic|Error:|line \d+|NoneType")


@pytest.fixture(autouse=True)
def _unchanged(running: Running) -> Iterator[None]:
    """Whatever a test here sends, what stands stays."""
    since, before = datetime.now(UTC).isoformat().replace("+00:00", "Z"), _standing(running)
    yield
    stored = running.tell("operator", "GET", "monitoring", f"{RESULTS}?changed_after={since}&limit=10")["items"]
    assert stored == []
    assert _standing(running) == before


def _standing(running: Running) -> list[str]:
    places = (
        ("registry", "/v1/municipalities?limit=200"),
        ("monitoring", "/v1/procedures"),
        ("monitoring", "/v1/sources"),
        ("scoring", "/v1/ratings/2022"),
        ("scoring", "/v1/methodologies"),
    )
    answers = [running.ask("operator", "GET", *place) for place in places]
    return [answer.headers.get("etag") or answer.text for answer in answers]


def _problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The problem of an answer, whole, in Russian, and without what is for developers."""
    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["code"] == code, told
    assert told["type"] == f"/problems/{code}"
    assert told["status"] == status
    texts = [told["title"], told["detail"], *(one[name] for one in told["errors"] for name in ("message", "remedy"))]
    assert [text for text in texts if not RUSSIAN.search(text)] == []
    assert not TECHNICAL.search(answer.text)
    assert answer.headers["x-correlation-id"]
    return told


@pytest.mark.parametrize("what", SUBMITTED)
def test_a_wrong_result_is_refused_precisely(running: Running, what: str):
    request, status, code, pointer, wrong = SUBMITTED[what]
    told = _problem(running.ask("operator", "POST", "monitoring", RESULTS, **request), status, code)
    if pointer is not None:
        assert (pointer, wrong) in {(one["pointer"], one["code"]) for one in told["errors"]}, told["errors"]


@pytest.mark.parametrize("what", ASKED)
def test_a_wrong_question_is_refused_precisely(running: Running, what: str):
    method, service, path, status, code = ASKED[what]
    told = _problem(running.ask("operator", method, service, path), status, code)
    assert told["errors"] or status != 422


def test_every_wrong_place_is_named_at_once(running: Running):
    request = changed(procedure=..., period=7, values={"i1": "много"}, extra=1)
    told = _problem(running.ask("operator", "POST", "monitoring", RESULTS, **request), 422, "invalid-result")
    assert {"/procedure", "/period", "/values/i1", "/extra"} <= {one["pointer"] for one in told["errors"]}


def test_a_large_body_in_chunks_is_cut_off(running: Running):
    def chunks() -> Iterator[bytes]:
        yield b'{"comment": "'
        for _ in range(160):
            yield b"a" * 65536

    for service, path in (("monitoring", RESULTS), ("monitoring", BATCH), ("monitoring", EVENTS)):
        request = {"content": chunks(), "headers": JSON}
        _problem(running.ask("operator", "POST", service, path, **request), 413, "body-too-large")


def test_rows_of_a_batch_are_refused_one_by_one(running: Running):
    rows = [{**BODY, "procedure": "nope"}, {**BODY, "values": {**VALUES, "i1": 9}}, 7, None, {}]
    report = running.tell("operator", "POST", "monitoring", BATCH, json={"items": rows})
    assert [one["status"] for one in report["items"]] == ["refused"] * 5
    assert all(one["errors"] for one in report["items"])
    assert all(
        error["remedy"] and RUSSIAN.search(error["message"]) for one in report["items"] for error in one["errors"]
    )
    assert report["counts"]["refused"] == 5


@pytest.mark.parametrize(
    ("request_", "status", "code"),
    [
        ({"json": {"items": []}}, 422, "invalid-request"),
        ({"json": {"items": "все"}}, 422, "invalid-request"),
        ({"json": {"items": [{}] * 1001}}, 422, "too-many-items"),
        ({"json": {"items": [{}], "more": 1}}, 422, "invalid-request"),
    ],
    ids=["no rows", "no list", "too many rows", "an unknown field"],
)
def test_a_wrong_batch_is_refused_as_a_whole(running: Running, request_: dict[str, Any], status: int, code: str):
    _problem(running.ask("operator", "POST", "monitoring", BATCH, **request_), status, code)


def _result(running: Running) -> str:
    found = running.tell("operator", "GET", "monitoring", f"{RESULTS}?municipality={OWN}&period=2022&procedure=vpr")
    return str(found["items"][0]["id"])


@pytest.mark.parametrize(
    ("if_match", "status", "code"),
    [
        (None, 428, "if-match-required"),
        ('"999"', 412, "stale-revision"),
        ("999", 400, "invalid-if-match"),
        ('"x"', 412, "stale-revision"),
        ('W/"1"', 400, "invalid-if-match"),
    ],
)
def test_a_correction_names_the_revision_it_corrects(running: Running, if_match: str | None, status: int, code: str):
    headers = {} if if_match is None else {"If-Match": if_match}
    body = {"values": VALUES, "reason": "проверка"}
    answer = running.ask(
        "operator", "POST", "monitoring", f"{RESULTS}/{_result(running)}/revisions", json=body, headers=headers
    )
    _problem(answer, status, code)


@pytest.mark.parametrize(
    "body",
    [{}, {"values": VALUES}, {"values": VALUES, "reason": ""}, {"withdrawn": False, "reason": "x"}, {"reason": "x"}],
    ids=["empty", "no reason", "an empty reason", "not withdrawn", "nothing new"],
)
def test_a_wrong_correction_is_refused(running: Running, body: dict[str, Any]):
    answer = running.ask(
        "operator", "POST", "monitoring", f"{RESULTS}/{_result(running)}/revisions",
        json=body, headers={"If-Match": '"1"'},
    )  # fmt: skip
    told = _problem(answer, 422, "invalid-result")
    assert told["errors"]


def test_an_idempotency_key_answers_one_body_only(running: Running):
    headers = {"Idempotency-Key": "bad-input-key"}
    items = [{**BODY, "procedure": "nope"}]
    first = running.tell("operator", "POST", "monitoring", BATCH, json={"items": items}, headers=headers)
    again = running.tell("operator", "POST", "monitoring", BATCH, json={"items": items}, headers=headers)
    assert again == first
    other = running.ask("operator", "POST", "monitoring", BATCH, json={"items": items * 2}, headers=headers)
    _problem(other, 422, "idempotency-key-reused")


@pytest.mark.parametrize(
    ("service", "path", "method"),
    [
        ("registry", "/v1/municipalities/import", "POST"),
        ("registry", "/v1/organizations/import", "POST"),
        ("monitoring", "/v1/procedures/vpr", "PUT"),
        ("monitoring", "/v1/sources/demo", "PUT"),
        ("notification", "/v1/inbox/read", "POST"),
    ],
)
@pytest.mark.parametrize(
    ("request_", "statuses"),
    [
        (raw("{"), {400}),
        (raw("NaN"), {400}),
        (raw(b"\xff"), {400}),
        (raw("[" * 5000), {400}),
        (raw("[]"), {422}),
        (raw("{}"), {422}),
        (raw("a=1", **{"Content-Type": "application/x-www-form-urlencoded"}), {415}),
        (raw(b'{"a": "' + b"b" * MIB10 + b'"}'), {413}),
    ],
    ids=["broken", "NaN", "not UTF-8", "deep", "a list", "empty", "a form", "10 MB"],
)
def test_every_door_refuses_what_it_cannot_read(
    running: Running, service: str, path: str, method: str, *, request_: dict[str, Any], statuses: set[int]
):
    answer = running.ask("operator", method, service, path, **request_)
    assert answer.status_code in statuses, answer.text
    _problem(answer, answer.status_code, answer.json()["code"])


@pytest.mark.parametrize(
    "content", [b"", b"{", b"id: [", b"a: &a [*a]", b"\xff", b"!!python/object/apply:os.system [ls]", b"- 1"]
)
def test_a_wrong_methodology_is_refused(running: Running, content: bytes):
    headers = {"Content-Type": "application/yaml"}
    answer = running.ask("ministry", "PUT", "scoring", "/v1/methodologies/bad", content=content, headers=headers)
    assert answer.status_code in {400, 422}
    _problem(answer, answer.status_code, answer.json()["code"])
