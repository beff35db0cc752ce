"""What other systems sent and was refused: listed for those whom it concerns, for a while and within bounds."""

import hashlib
from datetime import UTC, datetime
from typing import Any

import bson
import httpx
import pytest

from services.monitoring.store.refusals import GROUP, Refusals
from shared.envelope import STRUCTURED
from shared.exactjson import write
from shared.mongo import Database, InsertOne
from tests.integration.monitoring.test_events import codes, data, event, sent


async def test_refusals_are_paged_and_scoped(http: httpx.AsyncClient):
    await sent(http, *(event(str(n), period="1999") for n in range(5)))
    await sent(http, event("n", source="narrow", procedure="niko", period="1999"), actor="narrow")
    walked: list[str] = []
    params: dict[str, Any] = {"limit": 2}
    while True:
        page = (await http.get("/v1/refusals", params=params)).json()
        walked += [item["event"] for item in page["items"]]
        if page["next"] is None:
            break
        params["cursor"] = page["next"]
    assert (walked[0], sorted(walked)) == ("n", ["0", "1", "2", "3", "4", "n"])
    own = (await http.get("/v1/refusals", headers={"Authorization": "Bearer narrow"})).json()["items"]
    assert [item["event"] for item in own] == ["n"]
    foreign = {"source": "gis-education"}
    asked = await http.get("/v1/refusals", params=foreign, headers={"Authorization": "Bearer narrow"})
    assert asked.json()["items"] == []
    assert len((await http.get("/v1/refusals", params=foreign)).json()["items"]) == 5
    assert (await http.get("/v1/refusals", params={"code": "nothing"})).json()["items"] == []
    assert (await http.get("/v1/refusals", headers={"Authorization": "Bearer zlatoust"})).status_code == 403


def letter(number: int, **more: Any) -> dict[str, Any]:
    told = {
        "_id": f"{GROUP}|monitoring.intake.v1|0|{number}", "group": GROUP, "topic": "monitoring.intake.v1",
        "partition": 0, "offset": number, "key": b"k", "value": b"v" * 500_000, "headers": [["h", b"v"]],
        "code": "unknown-period", "message": "Такого периода нет.", "errors": [], "source": "gis-education",
        "event": str(number), "state": "new", "at": datetime(2022, 11, 1, tzinfo=UTC),
    }  # fmt: skip
    return told | more


async def test_a_list_of_refusals_reads_nothing_of_what_was_sent(http: httpx.AsyncClient, database: Database):
    """A page of whole letters would be two hundred megabytes, in a process that has 256."""
    await database.write("dead_letters", [InsertOne(letter(number)) for number in range(3)])
    await sent(http, event("h", period="1999", comment="x" * 2000))
    rows = await Refusals(database).page(own=None, source=None, code=None, place=None, limit=201)
    assert len(rows) == 4
    assert max(len(bson.encode(row)) for row in rows) < 1000
    assert {row["event"] for row in rows} == {"0", "1", "2", "h"}


async def test_refused_events_do_not_fill_the_disk(
    http: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
):
    """A client that goes on and on is told what it is refused for, and little of it is kept."""
    monkeypatch.setattr("services.monitoring.store.refusals.DAILY", 5)
    long = [
        event("values", values={f"{n}{'x' * 3000}": 1 for n in range(15)}),
        {**event("a name"), "data": data() | {"x" * 60_000: 1}},
        event("i" * 60_000),
        {**event("a source", source="s" * 30_000), "type": "t" * 30_000},
    ]
    items = await sent(http, *long, event("1", comment="ё" * 1900, period="1999"), event("2", period="1999"))
    assert len(codes(items[0])) == 17, "the answer names them all"
    assert len(await sent(http, event("3", period="1999"), event("4", period="1999"))) == 2
    rows = await database.find("refusals", {})
    assert {row["event"][:8] for row in rows} == {"values", "a name", "iiiiiiii", "a source", "1"}
    assert max(len(bson.encode(row)) for row in rows) < 32_000
    [item] = await sent(http, event("5", source="narrow", procedure="niko", period="1999"), actor="narrow")
    assert item["status"] == "refused"
    assert await database.count("refusals", {}) == 6


async def test_of_a_refused_event_its_size_and_hash_are_kept_and_nothing_that_was_sent(
    http: httpx.AsyncClient, database: Database
):
    body = write({**event("1"), "data": {"pupil": "Иванова М. П."}})
    answer = await http.post("/v1/events", content=body, headers={"Content-Type": STRUCTURED})
    assert answer.json()["items"][0]["status"] == "refused"
    [row] = await database.find("refusals", {})
    assert "Иванова".encode() not in bson.encode(row)
    assert (row["bytes"], row["sha256"]) == (len(body), hashlib.sha256(body).hexdigest())


async def test_refusals_of_before_which_have_what_was_sent_are_still_listed(
    http: httpx.AsyncClient, database: Database
):
    row = {name: letter(1)[name] for name in ("code", "message", "errors", "source", "event", "at")}
    await database.write("refusals", [InsertOne({"_id": "r", "client": None, "value": b"v", **row})])
    assert [one["event"] for one in (await http.get("/v1/refusals")).json()["items"]] == ["1"]


async def test_a_refusal_tells_what_became_of_it_since(http: httpx.AsyncClient, database: Database):
    states = ("new", "redriven", "discarded")
    await database.write("dead_letters", [InsertOne(letter(n, state=state)) for n, state in enumerate(states)])
    await sent(http, event("h", period="1999"))
    listed = (await http.get("/v1/refusals")).json()["items"]
    assert {one["event"]: one["state"] for one in listed} == {
        "0": "new", "1": "redriven", "2": "discarded", "h": "new",
    }  # fmt: skip


async def test_a_refusal_in_the_name_of_a_foreign_source_is_the_senders(http: httpx.AsyncClient):
    await sent(http, event("1", period="1999"), event("2", source="nobody"), actor="narrow")
    seen = {
        who: {item["event"]: item["source"] for item in listed.json()["items"]}
        for who in ("narrow", "gis", "operator")
        if (listed := await http.get("/v1/refusals", headers={"Authorization": f"Bearer {who}"}))
    }
    both = {"1": None, "2": "nobody"}
    assert seen == {"narrow": both, "gis": {}, "operator": both}
