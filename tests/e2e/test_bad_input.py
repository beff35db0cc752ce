"""Bad input over HTTP on the running platform: a precise refusal in Russian, nothing changed, never a 5xx."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.e2e.access_table import ABOUT_OWN
from tests.e2e.conftest import Running
from tests.e2e.people import OWN

RESULTS, BATCH, EVENTS = "/v1/results", "/v1/results/batch", "/v1/events"
BODY = {**ABOUT_OWN, "period": "2018"}
VALUES = BODY["values"]
JSON = {"Content-Type": "application/json"}
RUSSIAN = re.compile(r"[а-яё]", re.IGNORECASE)
TECHNICAL = re.compile(r"Traceback|Exception|pymongo|pydantic|Error:|line \d+|NoneType")
MIB10 = 10 * 1024 * 1024


def raw(content: bytes | str, **headers: str) -> dict[str, Any]:
    """A request with this very body."""
    return {"content": content.encode() if isinstance(content, str) else content, "headers": {**JSON, **headers}}


def with_values(text: str) -> dict[str, Any]:
    """A result whose first value is this very JSON text."""
    return raw(
        f'{{"procedure": "vpr", "subject": {{"municipality": "{OWN}"}}, "period": "2018", "source": "gis-education",'
        f' "values": {{"i1": {text}, "i2": 0, "i3": 0, "i4": 0}}}}'
    )


def changed(**fields: Any) -> dict[str, Any]:
    """The good body with other fields (`...` takes one away)."""
    return {"json": {name: value for name, value in {**BODY, **fields}.items() if value is not ...}}


# what is wrong: request, status, code, the pointer of a wrong place and its code (if places are named)
SUBMITTED: dict[str, tuple[dict[str, Any], int, str, str | None, str | None]] = {
    "broken JSON": (raw('{"procedure": "vpr", '), 400, "malformed-json", None, None),
    "an empty body": (raw(""), 422, "invalid-request", "", "required"),
    "not UTF-8": (raw(b'{"procedure": "\xff\xfe"}'), 400, "invalid-encoding", None, None),
    "half a character": (raw('{"procedure": "\\ud800"}'), 400, "invalid-encoding", None, None),
    "a field twice": (raw('{"period": "2018", "period": "2019"}'), 400, "duplicate-key", None, None),
    "deep nesting": (raw('{"a":' * 5000 + "1" + "}" * 5000), 400, "too-deep", None, None),
    "NaN": (with_values("NaN"), 400, "not-a-number", None, None),
    "Infinity": (with_values("Infinity"), 400, "not-a-number", None, None),
    "minus Infinity": (with_values("-Infinity"), 400, "not-a-number", None, None),
    "a huge power": (with_values("1e999999"), 400, "number-too-long", None, None),
    "a huge number": (with_values("9" * 5000), 400, "number-too-long", None, None),
    "NaN as text": (with_values('"NaN"'), 422, "invalid-result", "/values/i1", "not-a-number"),
    "a number over bounds": (with_values("1e20"), 422, "invalid-result", "/values/i1", "not-a-number"),
    "points over the maximum": (with_values("3"), 422, "invalid-result", "/values/i1", "out-of-range"),
    "points a little over": (with_values('"2.0001"'), 422, "invalid-result", "/values/i1", "out-of-range"),
    "negative points": (with_values("-1"), 422, "invalid-result", "/values/i1", "out-of-range"),
    "five decimals": (with_values("1.00001"), 422, "invalid-result", "/values/i1", "too-many-decimals"),
    "true for a number": (with_values("true"), 422, "invalid-result", "/values/i1", "not-a-number"),
    "an object for a number": (with_values('{"a": 1}'), 422, "invalid-result", "/values/i1", "not-a-number"),
    "a list for a body": (raw("[1]"), 422, "invalid-result", "", "not-an-object"),
    "null for a body": (raw("null"), 422, "invalid-result", "", "not-an-object"),
    "a number for a text": (changed(procedure=5), 422, "invalid-result", "/procedure", "not-a-string"),
    "no procedure": (changed(procedure=...), 422, "invalid-result", "/procedure", "required"),
    "an unknown procedure": (changed(procedure="nope"), 422, "invalid-result", "/procedure", "unknown-procedure"),
    "an unknown municipality": (
        changed(subject={"municipality": "00000000"}), 422, "invalid-result",
        "/subject/municipality", "unknown-municipality",
    ),
    "an unknown indicator": (
        changed(values={**VALUES, "i9": 1}), 422, "invalid-result", "/values/i9", "unknown-indicator",
    ),
    "an indicator not named": (changed(values={"i1": 1}), 422, "invalid-result", "/values/i2", "required"),
    "an unknown field": (changed(pupil="Иванов"), 422, "invalid-result", "/pupil", "unknown-field"),
    "an unknown period": (changed(period="1899"), 422, "invalid-result", "/period", "unknown-period"),
    "an unknown source": (changed(source="nobody"), 422, "invalid-result", "/source", "unknown-source"),
    "two subjects": (
        changed(subject={"municipality": OWN, "organization": "x"}), 422, "invalid-result", "/subject", "wrong-subject",
    ),
    "a time without a zone": (
        changed(occurred_at="2018-01-01T00:00:00"), 422, "invalid-result", "/occurred_at", "no-time-zone",
    ),
    "a time in the future": (
        changed(occurred_at="2999-01-01T00:00:00Z"), 422, "invalid-result", "/occurred_at", "occurred-in-future",
    ),
    "another media type": (raw("{}", **{"Content-Type": "text/plain"}), 415, "unsupported-media-type", None, None),
    "another charset": (
        raw("{}", **{"Content-Type": "application/json; charset=cp1251"}), 415, "unsupported-media-type", None, None,
    ),
    "10 MB": (raw(b'{"comment": "' + b"a" * MIB10 + b'"}'), 413, "body-too-large", None, None),
    "an odd idempotency key": (
        {**changed(), "headers": {"Idempotency-Key": "k" * 5000}}, 400, "invalid-idempotency-key", None, None,
    ),
}  # fmt: skip
# address and status of a wrong address, cursor or parameter
ASKED: dict[str, tuple[str, str, str, int, str]] = {
    "no such path": ("GET", "monitoring", "/v1/nothing", 404, "not-found"),
    "no such method": ("DELETE", "monitoring", RESULTS, 405, "method-not-allowed"),
    "an unknown result": ("GET", "monitoring", f"{RESULTS}/nothing", 404, "unknown-result"),
    "a bad cursor": ("GET", "monitoring", f"{RESULTS}?cursor=%00%ff", 400, "invalid-cursor"),
    "a made-up cursor": ("GET", "monitoring", f"{RESULTS}?cursor=bm9wZQ", 400, "invalid-cursor"),
    "a foreign cursor": ("GET", "registry", "/v1/municipalities?cursor=bm9wZQ", 400, "invalid-cursor"),
    "too large a page": ("GET", "monitoring", f"{RESULTS}?limit=100000", 422, "invalid-request"),
    "a page of words": ("GET", "notification", "/v1/inbox?limit=все", 422, "invalid-request"),
    "a time of words": ("GET", "scoring", "/v1/ratings/2022?as_of=вчера", 422, "invalid-request"),
    "a time without a zone": (
        "GET",
        "monitoring",
        f"{RESULTS}?changed_after=2022-01-01T00:00:00",
        422,
        "invalid-request",
    ),
    "an unknown municipality": ("GET", "monitoring", f"{RESULTS}?municipality=nope", 422, "invalid-request"),
    "a score of nobody": ("GET", "scoring", "/v1/scores/nope?period=2022", 404, "municipality-unknown"),
    "an unknown group": ("GET", "scoring", "/v1/ratings/2022?group=nope", 404, "group-unknown"),
    "an unknown period": ("GET", "scoring", "/v1/ratings/1066", 404, "period-unknown"),
    "an unknown methodology": ("GET", "scoring", "/v1/methodologies/nope", 404, "methodology-unknown"),
    "an unknown organisation": ("GET", "registry", "/v1/organizations/nope", 404, "organization-not-found"),
    "an odd event id": ("GET", "notification", "/v1/stream?last_event_id=x", 400, "invalid-event-id"),
}


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
    assert all(
        error["remedy"] and RUSSIAN.search(error["message"]) for one in report["items"] for error in one["errors"]
    )
    assert report["counts"]["refused"] == 5


@pytest.mark.parametrize(
    ("request_", "status", "code"),
    [
        ({"json": {"items": []}}, 422, "invalid-request"),
        ({"json": {"items": "все"}}, 422, "invalid-request"),
        ({"json": {"items": [{}] * 1001}}, 422, "batch-too-large"),
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
        ("999", 412, "stale-revision"),
        ('"x"', 412, "stale-revision"),
        ('W/"1"', 412, "stale-revision"),
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
    answer = running.ask("operator", "PUT", "scoring", "/v1/methodologies/bad", content=content, headers=headers)
    assert answer.status_code in {400, 422}
    _problem(answer, answer.status_code, answer.json()["code"])
