"""Results told as CloudEvents over HTTP: binary, structured, batch; repeats, corrections, refusals."""

import asyncio
import importlib
import json
from typing import Any

import httpx
import pytest

from services.monitoring.domain import read_submission
from services.monitoring.usecases import REPORTED, Incoming, Monitoring
from shared.kernel import Cause
from shared.mongo import Database
from tests.integration.monitoring.made import ACTORS, monitoring, told
from tests.unit.monitoring.made import TROITSK, ZLATOUST, body, source

STRUCTURED, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"


def data(**more: Any) -> dict[str, Any]:
    return body(source=..., **more)


def event(name: str, *, source: str = "gis-education", kind: str = REPORTED, **more: Any) -> dict[str, Any]:
    extensions = {key: more.pop(key) for key in ("partitionkey", "correlationid") if key in more}
    told = {"specversion": "1.0", "id": name, "source": source, "type": kind, "data": data(**more)}
    return told | extensions


async def sent(http: httpx.AsyncClient, *events: Any, actor: str = "gis") -> list[dict[str, Any]]:
    answer = await http.post(
        "/v1/events",
        content=json.dumps(list(events)),
        headers={"Content-Type": BATCH, "Authorization": f"Bearer {actor}"},
    )
    assert answer.status_code == 202, answer.text
    return list(answer.json()["items"])


def codes(item: dict[str, Any]) -> list[str]:
    return [error["code"] for error in item["errors"]]


async def test_binary_and_structured_mode_are_one_event(http: httpx.AsyncClient, database: Database):
    headers = {
        "ce-specversion": "1.0",
        "ce-id": "%D1%81-1",
        "ce-source": "gis-education",
        "ce-type": REPORTED,
        "ce-correlationid": "story-2",
        "content-type": "application/json",
        "authorization": "Bearer gis",
    }
    raw = '{"values": {"i2": 1.50, "i1": 2}, ' + json.dumps(data(values=...))[1:]
    binary = await http.post("/v1/events", content=raw, headers=headers)
    assert (binary.status_code, binary.json()["items"][0]["status"]) == (202, "accepted")
    structured = await http.post(
        "/v1/events",
        content=json.dumps(event("с-1")),
        headers={"content-type": f"{STRUCTURED}; charset=utf-8", "authorization": "Bearer gis"},
    )
    assert structured.json()["items"][0]["status"] == "duplicate"
    [row] = await database.find("outbox", {"topic": "monitoring.result.v1"})
    assert (row["headers"]["ce_correlationid"], row["headers"]["ce_causationid"]) == ("story-2", "с-1")


async def test_events_correct_repeat_and_come_late(http: httpx.AsyncClient, database: Database):
    first = event("1", occurred_at="2022-11-01T09:00:00+05:00")
    newer = event("2", occurred_at="2022-11-01T10:00:00+05:00", values={"i1": 0, "i2": None})
    late = event("3", occurred_at="2022-11-01T09:30:00+05:00", values={"i1": 1, "i2": None})
    same = event("4", occurred_at="2022-11-01T11:00:00+05:00", values={"i1": 0, "i2": None})
    reused = event("1", occurred_at="2022-11-01T12:00:00+05:00")
    items = await sent(http, first, first, newer, late, same, reused)
    expected = ["accepted", "duplicate", "corrected", "superseded", "unchanged", "refused"]
    assert [item["status"] for item in items] == expected
    assert codes(items[-1]) == ["event-id-reused"]
    again = await sent(http, first, newer, late, same, reused)
    assert [item["status"] for item in again] == [*["duplicate"] * 4, "refused"]
    assert [payload["revision"] for _, payload in await told(database)] == [1, 2]
    [kept] = await database.find("events", {"status": "superseded"})
    assert kept["_id"] == "gis-education\n3"


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (event("x", kind="ru.rsoko.intake.result.reported.v2"), "unsupported-version"),
        (event("x", kind="ru.rsoko.other.v1"), "unknown-type"),
        ({**event("x"), "specversion": "0.3"}, "unsupported-version"),
        ({"id": "x", "source": "gis-education"}, "not-a-cloudevent"),
        ({**event("x"), "data": None}, "not-an-object"),
        ({key: value for key, value in event("x").items() if key != "data"}, "empty-value"),
        ({**event("x"), "data_base64": "***"}, "invalid-data"),
        ({**event("x"), "data_base64": "я"}, "invalid-data"),
        ({**event("x"), "data": {"comment": "x" * 70_000}}, "too-large"),
        (event("x" * 300), "identity-too-long"),
        (event("x", partitionkey=TROITSK.id), "foreign-key"),
        (event("x", source="narrow", procedure="niko"), "source-not-allowed"),
        (event("x", source="narrow", period="1999"), "source-not-allowed"),
        (event("x", source="nobody"), "unknown-source"),
        (event("x", period="1999"), "unknown-period"),
        (event("x", occurred_at="2999-01-01T00:00:00Z"), "occurred-in-future"),
        (event("x", notify=False), "notify-not-allowed"),
        (event("x", pupil="Иванов"), "unknown-field"),
        (5, "not-a-cloudevent"),
    ],
)
async def test_a_bad_event_spoils_no_other_and_is_listed(http: httpx.AsyncClient, bad: Any, code: str):
    items = await sent(http, bad, event("good"))
    assert [item["status"] for item in items] == ["refused", "accepted"]
    listed = (await http.get("/v1/refusals")).json()["items"]
    assert [item["code"] for item in listed] == [code]
    assert listed[0]["message"]
    assert listed[0]["origin"] is None


async def test_a_key_of_the_subject_is_taken(http: httpx.AsyncClient):
    items = await sent(http, event("1", partitionkey=ZLATOUST.id), event("2", partitionkey="75712000", period="2021"))
    assert [item["status"] for item in items] == ["accepted", "accepted"]


async def test_the_operator_may_report_quietly_for_any_source(http: httpx.AsyncClient, database: Database):
    [item] = await sent(http, event("1", notify=False), actor="operator")
    assert item["status"] == "accepted"
    assert [payload["quiet"] for _, payload in await told(database)] == [True]


async def test_a_number_with_a_power_is_taken_in_structured_mode_too(http: httpx.AsyncClient, database: Database):
    written = json.dumps(event("1", values={"i1": 2, "i2": "?"})).replace('"?"', "0e2")
    answer = await http.post("/v1/events", content=written, headers={"Content-Type": STRUCTURED})
    assert answer.json()["items"][0]["status"] == "accepted", answer.text
    assert [payload["values"] for _, payload in await told(database)] == [{"i1": "2", "i2": "0"}]


async def test_a_huge_correlation_goes_no_further_than_this_door(http: httpx.AsyncClient, database: Database):
    """In the headers of an event it would have been more than its topic takes, and the relay would have stood."""
    huge = {"correlationid": "a" * 2_000_000, "traceparent": "00-" + "a" * 2_000_000, "more": "b" * 2_000_000}
    answer = await http.post(
        "/v1/events",
        content=json.dumps(event("1") | huge),
        headers={"Content-Type": STRUCTURED, "X-Correlation-Id": "request-1"},
    )
    assert answer.json()["items"][0]["status"] == "accepted", answer.text
    [row] = await database.find("outbox", {"topic": "monitoring.result.v1"})
    assert (row["headers"]["ce_correlationid"], row["headers"]["ce_causationid"]) == ("request-1", "1")
    assert sum(map(len, row["headers"].values())) < 1000


@pytest.mark.parametrize("actor", ["zlatoust", "school", "expert", "powerless"])
async def test_others_may_not_send_events(http: httpx.AsyncClient, actor: str):
    answer = await http.post("/v1/events", content="[]", headers={"Authorization": f"Bearer {actor}"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("content", "media", "status"),
    [("{", STRUCTURED, 400), ("{}", BATCH, 400), ("[1, NaN]", BATCH, 400), ("\ud800", BATCH, 400), ("[]", BATCH, 202)],
)
async def test_an_unreadable_request_is_refused(http: httpx.AsyncClient, content: str, media: str, status: int):
    answer = await http.post(
        "/v1/events", content=content.encode("utf-8", "surrogatepass"), headers={"Content-Type": media}
    )
    assert answer.status_code == status, answer.text


async def test_of_too_many_events_none_is_opened(http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch):
    """A few bytes make an event: of a body that this door takes, millions, and a refusal for each of them."""
    opened: list[Any] = []
    monkeypatch.setattr(importlib.import_module("services.monitoring.api.events"), "open_object", opened.append)
    answer = await http.post("/v1/events", content="[" + "1," * 1000 + "1]", headers={"Content-Type": BATCH})
    assert (answer.status_code, answer.json()["code"]) == (422, "too-many-items")
    assert opened == []


async def test_a_foreign_source_is_refused_before_anything_is_told_of_its_events(http: httpx.AsyncClient):
    """Neither that an event was heard, nor which result it made: permission comes first."""
    [mine] = await sent(http, event("1"))
    for again in (event("1"), event("1", comment="иначе"), event("1", period="1999"), {**event("1"), "data": None}):
        [foreign] = await sent(http, again, actor="narrow")
        assert (foreign["event"], foreign["status"], codes(foreign)) == ("1", "refused", ["source-not-allowed"])
        assert (foreign["id"], foreign["revision"]) == (None, None)
        assert mine["id"] not in str(foreign)


async def test_a_process_that_has_not_heard_of_a_new_client_reads_before_it_refuses(
    uses: Monitoring, database: Database
):
    other = await monitoring(database)
    await uses.directing.register(source(clients=("gis-education", "narrow")), today=uses.today(), expected=1)
    opened = Incoming(
        source="gis-education", id="1", submission=read_submission(data(), source="gis-education"), refused=None,
        cause=Cause("c"), key=None, raw=b"",
    )  # fmt: skip
    report = await other.hearing.hear([opened], actor=ACTORS["narrow"])
    assert [item["status"] for item in report["items"]] == ["accepted"]


async def test_a_source_reports_its_own_procedures_only(http: httpx.AsyncClient):
    [item] = await sent(http, event("x", source="narrow"), actor="narrow")
    assert codes(item) == ["procedure-not-allowed"]


async def test_one_event_sent_at_once_many_times_counts_once(http: httpx.AsyncClient, database: Database):
    raced = await asyncio.gather(*(sent(http, event("1")) for _ in range(8)))
    assert sorted(item["status"] for [item] in raced) == ["accepted", *["duplicate"] * 7]
    assert len(await told(database)) == 1


async def test_corrections_sent_at_once_are_revisions_without_a_gap(http: httpx.AsyncClient, database: Database):
    await sent(http, event("0"))
    raced = await asyncio.gather(*(sent(http, event(f"r{n}", values={"i1": 0, "i2": f"0.{n + 1}"})) for n in range(8)))
    assert {item["status"] for [item] in raced} == {"corrected"}
    assert [payload["revision"] for _, payload in await told(database)] == list(range(1, 10))
    assert await database.count("revisions", {}) == 8
