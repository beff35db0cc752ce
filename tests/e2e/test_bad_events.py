"""Bad CloudEvents over HTTP on the running platform: a line of the report for each, a refusal listed for its source."""

import json
import uuid
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import Running
from tests.e2e.people import FOREIGN, OWN, SOURCE
from tests.e2e.records import REPORTED, result

EVENTS = "/v1/events"
STRUCTURED = {"Content-Type": "application/cloudevents+json"}
BATCH = {"Content-Type": "application/cloudevents-batch+json"}
BINARY = {"ce-specversion": "1.0", "ce-source": SOURCE, "ce-type": REPORTED, "Content-Type": "application/json"}


def event(data: Any = None, **change: Any) -> dict[str, Any]:
    """A structured event whose result nobody takes, with some attributes changed; `...` takes one away."""
    given = {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": SOURCE,
        "type": REPORTED,
        "data": result(procedure="nope") if data is None else data,
        **change,
    }
    return {name: value for name, value in given.items() if value is not ...}


def post(running: Running, body: Any, headers: dict[str, str], who: str = "own system") -> httpx.Response:
    """Send a body as it is, or as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return running.ask(who, "POST", "monitoring", EVENTS, content=content, headers=headers)


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no id": (event(id=...), "not-a-cloudevent"),
    "a null id": (event(id=None), "not-a-cloudevent"),
    "an attribute that is an object": (event(more={"a": 1.5}), "not-a-cloudevent"),
    "another specversion": (event(specversion="0.3"), "unsupported-version"),
    "an unknown type": (event(type="ru.other.thing.done.v1"), "unknown-type"),
    "another version": (event(type=f"{REPORTED[:-1]}2"), "unsupported-version"),
    "no data": (event(data=..., more="x"), "empty-value"),
    "a long id": (event(id="x" * 300), "identity-too-long"),
    "an unknown procedure": (event(), "unknown-procedure"),
    "the future": (event(result(occurred_at="2999-01-01T00:00:00Z")), "occurred-in-future"),
    "an unknown period": (event(result(period="1066")), "unknown-period"),
    "points over the maximum": (event(result(values={"i1": 3, "i2": 0, "i3": 0, "i4": 0})), "out-of-range"),
    "a foreign key": (event(result(), partitionkey=FOREIGN), "foreign-key"),
    "over the limit": (event(result(comment="a" * 70_000)), "too-large"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_refused_event_has_its_line_and_is_listed(running: Running, what: str):
    sent, code = REFUSED[what]
    answer = post(running, sent, STRUCTURED)
    assert answer.status_code == 202, answer.text
    report = answer.json()
    assert (report["counts"]["refused"], report["items"][0]["status"]) == (1, "refused"), report
    listed = running.tell("operator", "GET", "monitoring", f"/v1/refusals?code={code}&limit=200")["items"]
    assert (sent.get("id") or None) in {one["event"] for one in listed}, report


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"{", STRUCTURED, 400, "malformed-json"),
        (b"\xff", STRUCTURED, 400, "invalid-encoding"),
        (b'{"id": "1", "id": "2"}', STRUCTURED, 400, "duplicate-key"),
        (b"{}", BATCH, 400, "not-a-batch"),
        ([event()] * 1001, BATCH, 422, "too-many-items"),
    ],
    ids=["broken JSON", "not UTF-8", "a field twice", "no list", "too many"],
)
def test_what_cannot_be_read_is_refused_as_a_whole(
    running: Running, body: Any, headers: dict[str, str], *, status: int, code: str
):
    answer = post(running, body, headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_binary_mode_without_attributes_is_refused(running: Running):
    for headers in ({"Content-Type": "application/json"}, BINARY, {**BINARY, "ce-id": "%ff%fe", "ce-type": ""}):
        report = post(running, result(procedure="nope"), headers).json()
        assert report["counts"]["refused"] == 1, headers


def test_one_bad_event_spoils_no_other_and_a_repeat_changes_nothing(running: Running):
    good = event(result(period="2018-2019", subject={"municipality": OWN}))
    batch = [event(), 7, good, None, good, {**good, "data": result(period="2019-2020")}]
    report = post(running, batch, BATCH).json()
    assert [one["status"] for one in report["items"]] == [
        "refused", "refused", "accepted", "refused", "duplicate", "refused",
    ]  # fmt: skip
    again = post(running, good, STRUCTURED).json()
    assert again["items"][0]["status"] == "duplicate"
    assert running.tell("operator", "GET", "monitoring", "/v1/results?period=2019-2020")["items"] == []


def test_a_system_speaks_for_its_own_source_only(running: Running):
    report = post(running, event(result(period="2020-2021")), STRUCTURED, who="foreign system").json()
    assert report["counts"]["refused"] == 1
    assert running.tell("operator", "GET", "monitoring", "/v1/results?period=2020-2021")["items"] == []
