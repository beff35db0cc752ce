"""A region's map by the days on which its municipalities are there, over HTTP: what came before one is not its own."""

from collections import Counter
from datetime import date, timedelta

import httpx
import pytest
from icalendar import Calendar

from services.roadmap.consumers import listeners
from services.roadmap.domain import Deadline, RoadMap, Task, Window
from services.roadmap.store import Store
from services.roadmap.usecases import Roadmap
from tests.integration.roadmap.conftest import KNOWN, hear, registered
from tests.integration.roadmap.test_api import by, listed, region
from tests.integration.roadmap.test_report import report
from tests.integration.roadmap.test_store import batch, scored
from tests.integration.roadmap.test_store import registered as told

__all__ = ["region"]
BORN, OWN = "74-new", "municipality 74-new"


@pytest.fixture
async def reformed(uses: Roadmap, region: None) -> None:
    """One municipality came on 1 June 2022, one years later, and 74-b ended with 30 September 2022."""
    there = registered("74-b", ("Б ГО", "75000002", "2014-01-01"), revision=2)
    ended = there.history[0].model_copy(update={"valid_to": date(2022, 10, 1)})
    await hear(
        uses,
        registered(BORN, ("Новый МО", "75000009", "2022-06-01")),
        registered("74-last", ("Последний МО", "75000008", "2025-01-01")),
        there.model_copy(update={"history": (ended,)}),
        place=len(KNOWN),
    )


async def test_who_came_later_missed_nothing_of_before(http: httpx.AsyncClient, reformed: None):
    found = await listed(http, municipality=BORN, on="2022-11-01")
    assert found
    assert all(each["end"] >= "2022-06-01" for one in found for each in one["occurrences"])
    assert await listed(http, municipality="74-last", on="2025-11-01") == []


async def test_for_who_ended_nothing_more_is_coming(http: httpx.AsyncClient, reformed: None):
    before = await listed(http, municipality="74-b", on="2022-09-30")
    assert {one["state"] for one in before} > {"overdue", "open"}
    after = await listed(http, municipality="74-b", on="2022-10-01")
    assert {one["state"] for one in after} == {"overdue"}
    assert all(each["end"] < "2022-10-01" for one in after for each in one["occurrences"])


@pytest.mark.parametrize("on", ["2022-06-01", "2022-09-30", "2022-11-01", "2024-11-15", "2025-01-01"])
async def test_the_report_equals_a_recount_of_the_activities(http: httpx.AsyncClient, reformed: None, on: str):
    sides = (await report(http, as_of=on))["municipalities"]
    counted = {(one["municipality"] or {}).get("id"): one["states"] for one in sides}
    there = {"74-a"} | ({BORN} if on >= "2022-06-01" else set()) | ({"74-b"} if on < "2022-10-01" else set())
    assert set(counted) == {None, *there}
    for key in there:
        stands = Counter(one["state"] for one in await listed(http, municipality=key, on=on))
        assert +Counter(counted[key]) == stands


async def test_one_that_is_not_its_business_is_not_found_until_it_says_something_all_the_same(
    http: httpx.AsyncClient, reformed: None
):
    path = "/v1/activities/region-2022:2"
    named = {"municipality": BORN}
    refused = await http.get(path, params=named)
    assert (refused.status_code, refused.json()["code"]) == (404, "activity-not-found")
    region_s = await http.get(path, headers=by(OWN))
    assert region_s.json()["municipality"] is None, "one's own page shows how the region itself stands"
    done = {"text": "сделано", "done_on": "2022-06-15", **named}
    answer = await http.post(f"{path}/evidence", json=done, headers=by(OWN, **{"If-Match": region_s.headers["etag"]}))
    assert (answer.status_code, answer.json()["state"]) == (201, "done_late"), answer.text
    assert [one["state"] for one in await listed(http, **named) if one["number"] == "2"] == ["done_late"]
    withdrawn = await http.post(
        f"{path}/evidence/1/withdraw",
        json={"reason": "ошибка", **named},
        headers=by("regional_operator", **{"If-Match": answer.headers["etag"]}),
    )
    assert withdrawn.status_code == 200, withdrawn.text
    assert [one["number"] for one in await listed(http, **named) if one["number"] == "2"] == []
    (proof,) = (await http.get(path, params=named)).json()["evidence"]
    assert proof["withdrawn"]["reason"] == "ошибка"


async def test_the_calendar_of_a_municipality_has_its_own_days(http: httpx.AsyncClient, reformed: None):
    async def days(**query: str) -> list[date]:
        answer = await http.get("/v1/calendar.ics", params=query, headers={"Authorization": ""})
        return [one.decoded("dtend") - timedelta(days=1) for one in Calendar.from_ical(answer.content).walk("VEVENT")]

    born, ended = await days(municipality=BORN), await days(municipality="74-b")
    assert born
    assert min(born) >= date(2022, 6, 1)
    assert ended
    assert max(ended) < date(2022, 10, 1)
    assert await days(municipality="74-last") == []
    assert len(await days()) > len(born)


async def test_a_draft_names_no_deadline_from_before_its_municipality(uses: Roadmap, store: Store):
    (listener,) = listeners(uses)
    await listener.handle(batch((0, 1), told(1, "А")))
    since, today = date(2006, 1, 1), uses.planning.today()
    for name, window in (("old", Window(since - timedelta(9), since - timedelta(1))), ("new", Window(since, today))):
        task = Task("1", "I", name, Deadline("срок", ("on_by_date",), (window,)))
        await uses.planning.put(RoadMap(name, name, "74", None, window.start, window.end), [task])
    await listener.handle(batch((1, 2), scored(5, 50, before="above_average")))
    stored = await store.advice.one("74-a:2022:overall:5")
    assert stored
    assert [one.activity for one in stored.deadlines] == ["new:1"]
