"""Road maps and activities over HTTP on a real MongoDB: put, listed on a day, carried out, declined, asked about."""

from typing import Any

import httpx
import pytest
from icalendar import Calendar

from deploy.local.region import read_region
from services.roadmap.usecases import Roadmap
from shared.testing import FrozenClock
from tests.integration.roadmap.conftest import KNOWN, hear, registered

OPERATOR, PUBLIC = "regional_operator", None
OWN, FOREIGN = "municipality 74-a", "municipality 74-b"


def by(who: str | None, **headers: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {who}", **headers} if who else headers


async def put(http: httpx.AsyncClient, key: str, body: dict[str, Any], **headers: str) -> httpx.Response:
    return await http.put(f"/v1/roadmaps/{key}", json=body, headers=headers)


@pytest.fixture
async def region(http: httpx.AsyncClient) -> None:
    """The region's map of 2022 as `load region` puts it; that of Karabash belongs to 74-a here."""
    for one in read_region().roadmaps:
        body = {**one, "municipality": "74-a" if one["municipality"] else None}
        key = body.pop("key")
        answer = await put(http, key, body)
        assert answer.status_code == 201, answer.text


async def listed(http: httpx.AsyncClient, who: str | None = OPERATOR, **query: Any) -> list[dict[str, Any]]:
    """Every page of activities."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, Any] = {}
    while True:
        headers = {"Authorization": f"Bearer {who}"} if who else {"Authorization": ""}
        answer = await http.get("/v1/activities", params={**query, **cursor, "limit": 7}, headers=headers)
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        if answer.json()["next"] is None:
            return found
        assert 'rel="next"' in answer.headers["link"]
        cursor = {"cursor": answer.json()["next"]}


async def test_the_region_s_map_is_put_once_and_again_without_effect(http: httpx.AsyncClient, region: None):
    before = (await http.get("/v1/roadmaps")).json()["items"]
    assert [(one["id"], one["activities"]) for one in before] == [("karabash-2022-2024", 8), ("region-2022", 24)]
    for one in read_region().roadmaps:
        body = {**one, "municipality": "75000001" if one["municipality"] else None}
        assert (await put(http, body.pop("key"), body)).status_code == 200
    assert (await http.get("/v1/roadmaps")).json()["items"] == before


async def test_what_is_due_for_a_municipality_on_a_day(http: httpx.AsyncClient, region: None):
    due = await listed(http, municipality="74-b", on="2022-11-01", due_before="2022-12-31")
    numbers = {
        state: sorted(int(one["number"]) for one in due if one["state"] == state)
        for state in ("open", "planned", "overdue")
    }
    assert numbers == {
        "open": [8, 9, 11, 12, 17, 18, 19],
        "planned": [23, 24],
        "overdue": [1, 2, 3, 4, 5, 10, 13, 14, 15, 16],
    }
    days = [one["due"] for one in due]
    assert days == sorted(days)
    november = await listed(http, municipality="75000002", on="2022-11-01", due_before="2022-11-30", state="open")
    assert [(one["number"], one["due"]) for one in november] == [("8", "2022-11-30")]


async def test_each_municipality_sees_the_region_s_map_and_its_own(http: httpx.AsyncClient, region: None):
    assert len(await listed(http)) == len(await listed(http, None)) == 32
    assert len(await listed(http, OWN)) == 32
    assert {one["roadmap"] for one in await listed(http, FOREIGN)} == {"region-2022"}
    assert await listed(http, municipality="24-v") == []
    (fourth,) = [one for one in await listed(http, roadmap="region-2022") if one["number"] == "4"]
    assert fourth["deadline"] == {
        "phrase": "Февраль Май 2022 года",
        "kinds": ["month_window"],
        "windows": [{"start": "2022-02-01", "end": "2022-02-28"}, {"start": "2022-05-01", "end": "2022-05-31"}],
        "rrule": "FREQ=YEARLY;BYMONTH=2,5;COUNT=2",
        "answered": False,
    }
    (lost,) = [one for one in await listed(http, roadmap="region-2022") if one["number"] == "12"]
    assert lost["title"] is None


async def test_a_reform_registered_ahead_is_read_on_its_day_and_not_before(
    http: httpx.AsyncClient, uses: Roadmap, region: None
):
    """74-a will be called otherwise next year, and 74-b will bear the code that 74-a bears now."""
    later = "2023-01-01"
    await hear(
        uses,
        registered("74-a", ("А ГО", "75000001", "2014-01-01"), ("А МО", "75000003", later), revision=2),
        registered("74-b", ("Б ГО", "75000002", "2014-01-01"), ("Б МО", "75000001", later), revision=2),
        place=len(KNOWN),
    )
    found = {
        on: (await http.get("/v1/activities/region-2022:2", params={"municipality": "75000001", **on_})).json()
        for on, on_ in (("today", {}), (later, {"on": later}))
    }
    assert found["today"]["municipality"] == {"id": "74-a", "name": "А ГО", "oktmo": "75000001"}
    assert found[later]["municipality"] == {"id": "74-b", "name": "Б МО", "oktmo": "75000001"}
    for on, name in (("2022-12-31", "А ГО"), (later, "А МО")):
        (map_,) = [
            one for one in (await http.get("/v1/roadmaps", params={"on": on})).json()["items"] if one["municipality"]
        ]
        assert map_["municipality"]["name"] == name
        (own, *_) = await listed(http, roadmap="karabash-2022-2024", on=on)
        assert own["municipality"]["name"] == name


async def test_evidence_needs_the_revision_read_and_counts_on_its_side_only(http: httpx.AsyncClient, region: None):
    path = "/v1/activities/region-2022:2"
    read = await http.get(path, headers=by(OWN))
    assert (read.json()["state"], read.json()["municipality"]["name"]) == ("overdue", "А ГО")
    said = {"text": "Сессия проведена", "done_on": "2022-05-20"}
    assert (await http.post(f"{path}/evidence", json=said, headers=by(OWN))).status_code == 428
    again = by(OWN, **{"If-Match": read.headers["etag"], "Idempotency-Key": "one"})
    done = await http.post(f"{path}/evidence", json=said, headers=again)
    assert (done.status_code, done.json()["state"], done.headers["location"]) == (201, "done", path)
    repeated = await http.post(f"{path}/evidence", json=said, headers=again)
    assert (repeated.status_code, repeated.json()) == (201, done.json())
    stale = await http.post(f"{path}/evidence", json=said, headers=by(OWN, **{"If-Match": read.headers["etag"]}))
    assert (stale.status_code, stale.json()["code"]) == (412, "stale-revision")
    assert (await http.get(path, headers=by(FOREIGN))).json()["state"] == "overdue"
    as_of = (await http.get(path, headers=by(OWN), params={"on": "2022-05-10"})).json()
    assert (as_of["state"], len(as_of["evidence"])) == ("open", 1)


async def test_a_refusal_sent_again_on_a_later_day_keeps_its_day(
    http: httpx.AsyncClient, region: None, clock: FrozenClock
):
    path, said, on = "/v1/activities/region-2022:2", {"reason": "Нет участников"}, []
    for _ in range(2):
        etag = (await http.get(path, headers=by(OWN))).headers["etag"]
        answer = await http.post(f"{path}/decline", json=said, headers=by(OWN, **{"If-Match": etag}))
        on.append((answer.json()["declined"]["on"], answer.headers["etag"]))
        clock.move(days=1)
    assert on[0] == on[1]


async def test_what_people_wrote_is_seen_by_staff_and_the_own_side_only(http: httpx.AsyncClient, region: None):
    path = "/v1/activities/region-2022:2"
    etag = (await http.get(path, headers=by(OWN))).headers["etag"]
    said = {"reason": "Нет участников"}
    answer = await http.post(f"{path}/decline", json=said, headers=by(OWN, **{"If-Match": etag}))
    assert (answer.status_code, answer.json()["state"], answer.json()["declined"]["reason"]) == (
        200,
        "declined",
        "Нет участников",
    )
    params = {"municipality": "74-a"}
    seen = {
        who: "declined"
        in (await http.get(path, params=params, headers=by(who) if who else {"Authorization": ""})).json()
        for who in (OPERATOR, OWN, FOREIGN, "expert", PUBLIC)
    }
    assert seen == {OPERATOR: True, OWN: True, FOREIGN: False, "expert": False, PUBLIC: False}


async def test_a_municipality_reads_the_map_of_another_as_the_public_does(http: httpx.AsyncClient, region: None):
    path = "/v1/activities/karabash-2022-2024:1.1"
    public = await http.get(path, headers={"Authorization": ""})
    foreign = await http.get(path, headers=by(FOREIGN))
    assert (public.status_code, foreign.status_code) == (200, 200)
    assert foreign.json() == public.json()
    assert foreign.json()["municipality"]["id"] == "74-a"
    of_public = await listed(http, None, roadmap="karabash-2022-2024")
    assert len(of_public) == 8
    assert await listed(http, FOREIGN, roadmap="karabash-2022-2024") == of_public
    named = await http.get(path, headers=by(FOREIGN), params={"municipality": "74-b"})
    assert (named.status_code, named.json()["code"]) == (404, "activity-not-found")


async def test_nobody_reports_for_another_or_about_a_map_that_is_not_theirs(http: httpx.AsyncClient, region: None):
    said = {"text": "сделано", "done_on": "2022-05-20", "municipality": "74-a"}
    foreign = await http.post(
        "/v1/activities/region-2022:2/evidence", json=said, headers=by(FOREIGN, **{"If-Match": '"1"'})
    )
    assert (foreign.status_code, foreign.json()["code"]) == (403, "forbidden")
    other = await http.post(
        "/v1/activities/karabash-2022-2024:1.1/evidence",
        json={"text": "сделано"},
        headers=by(FOREIGN, **{"If-Match": '"1"'}),
    )
    assert (other.status_code, other.json()["code"]) == (403, "forbidden")
    unknown = {**said, "municipality": "74-nobody"}
    wrong = await http.post(
        "/v1/activities/region-2022:2/evidence", json=unknown, headers=by(OPERATOR, **{"If-Match": '"1"'})
    )
    assert [one["code"] for one in wrong.json()["errors"]] == ["unknown-municipality"]


async def test_five_deadlines_are_asked_about_and_an_answer_makes_a_window(http: httpx.AsyncClient, region: None):
    asked = (await http.get("/v1/questions", params={"state": "open"})).json()["items"]
    assert [one["number"] for one in asked] == ["6", "7", "20", "21", "22"]
    path = "/v1/activities/region-2022:6"
    read = await http.get(path)
    assert (read.json()["state"], read.json()["deadline"]["kinds"]) == ("awaiting_schedule", ["missing"])
    said = {"windows": [{"start": "2022-09-01", "end": "2022-10-31"}], "reason": "план работы групп"}
    answer = await http.post(f"{path}/deadline", json=said, headers={"If-Match": read.headers["etag"]})
    assert (answer.status_code, answer.json()["state"], answer.json()["deadline"]["answered"]) == (200, "overdue", True)
    assert len((await http.get("/v1/questions", params={"state": "open"})).json()["items"]) == 4
    (told,) = (await http.get("/v1/questions", params={"state": "answered"})).json()["items"]
    assert told["answer"]["reason"] == "план работы групп"
    given = await http.post("/v1/activities/region-2022:1/deadline", json=said, headers={"If-Match": '"1"'})
    assert (given.status_code, given.json()["code"]) == (409, "deadline-is-given")


async def test_a_wrong_map_is_refused_with_every_place(http: httpx.AsyncClient):
    one = {"number": "1", "section": "I", "deadline": {"phrase": None, "kinds": ["month_window"]}}
    body = {"title": "К", "region": "74", "start": "2022-01-01", "end": "2022-12-31", "activities": [one]}
    missing = await put(http, "wrong", body)
    assert (missing.status_code, missing.json()["errors"][0]["pointer"]) == (422, "/activities/0/deadline")
    good = {**one, "deadline": {"kinds": ["missing"]}}
    twice = await put(http, "wrong", {**body, "activities": [good, good]})
    assert "Номера мероприятий повторяются: 1." in twice.text
    foreign = await put(http, "wrong", {**body, "municipality": "74-nobody", "activities": [good]})
    assert [each["code"] for each in foreign.json()["errors"]] == ["unknown-municipality"]


async def test_a_number_that_was_reported_for_goes_to_another_activity_only_as_a_new_title(
    http: httpx.AsyncClient, region: None
):
    body = next({**one} for one in read_region().roadmaps if one["municipality"] is None)
    key = body.pop("key")
    place = next(at for at, one in enumerate(body["activities"]) if one["number"] == "2")
    path = f"/v1/activities/{key}:2"
    read = await http.get(path, headers=by(OWN))
    said = {"text": "Сессия проведена", "done_on": "2022-05-20"}
    assert (
        await http.post(f"{path}/evidence", json=said, headers=by(OWN, **{"If-Match": read.headers["etag"]}))
    ).is_success
    body["activities"] = [
        {**one, "title": "Новое мероприятие"} if at == place else one for at, one in enumerate(body["activities"])
    ]
    refused = await put(http, key, body, **{"If-Match": '"1"'})
    assert refused.status_code == 422
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [
        (f"/activities/{place}/title", "renumbered")
    ]
    assert (await http.get(path, headers=by(OWN))).json()["title"] == read.json()["title"]
    address, held = f"/v1/roadmaps/{key}", {"If-Match": '"1"'}
    assert (await http.put(address, json=body, params={"retitled": True}, headers=held)).status_code == 200
    assert (await http.get(path, headers=by(OWN))).json()["title"] == "Новое мероприятие"


async def test_a_map_of_a_municipality_of_another_region_is_refused(http: httpx.AsyncClient):
    body = next({**one} for one in read_region().roadmaps if one["municipality"] is not None)
    answer = await put(http, body.pop("key"), {**body, "municipality": "24-v"})
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("/region", "foreign-region")]
    assert (await http.get("/v1/roadmaps")).json()["items"] == []


async def test_the_calendar_is_the_same_bytes_until_something_changes(
    http: httpx.AsyncClient, region: None, clock: FrozenClock
):
    first = await http.get("/v1/calendar.ics", params={"municipality": "74-b"}, headers={"Authorization": ""})
    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    clock.move(days=3)
    again = {"If-None-Match": first.headers["etag"], "Authorization": ""}
    assert (await http.get("/v1/calendar.ics", params={"municipality": "74-b"}, headers=again)).status_code == 304
    events = Calendar.from_ical(first.content).walk("VEVENT")
    ids = [str(one["uid"]) for one in events]
    assert len(ids) == len(set(ids)) == 20
    may = next(one for one in events if str(one["uid"]) == "region-2022:4/2022-05-01@rsoko")
    assert (str(may.decoded("dtstart")), str(may.decoded("dtend"))) == ("2022-05-01", "2022-06-01")
    path = "/v1/activities/region-2022:4"
    etag = (await http.get(path, headers=by(FOREIGN))).headers["etag"]
    await http.post(f"{path}/decline", json={"reason": "нет"}, headers=by(FOREIGN, **{"If-Match": etag}))
    after = Calendar.from_ical((await http.get("/v1/calendar.ics", headers=by(FOREIGN))).content).walk("VEVENT")
    changed = next(one for one in after if one["uid"] == may["uid"])
    assert (str(changed["status"]), int(changed["sequence"])) == ("CANCELLED", int(may["sequence"]) + 1)
