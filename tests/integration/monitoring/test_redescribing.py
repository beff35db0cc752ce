"""A procedure described anew over its results: nothing that they hold is lost, misread or refused."""

from typing import Any

import httpx

from shared.kernel import Cause
from shared.mongo import Database
from tests.integration.monitoring.made import ACTORS, monitoring, posted, told
from tests.integration.monitoring.test_events import codes, event, sent
from tests.plans import looking
from tests.unit.monitoring.made import body

BESIDE = ("key", "revision")
SHARE = {"key": "i1", "name": "Доля", "maximum": "2", "values": {"unit": "percent", "maximum": "100"}}
NEW = {"key": "i4", "name": "Новый", "maximum": "2"}


async def described(http: httpx.AsyncClient, *indicators: dict[str, Any], **more: Any) -> httpx.Response:
    """Put the procedure with these indicators in place of its own."""
    stored = (await http.get("/v1/procedures/vpr")).json()
    whole = {name: given for name, given in stored.items() if name not in BESIDE} | more
    whole |= {"indicators": indicators, "maximum": sum(float(one["maximum"]) for one in indicators)}
    return await http.put("/v1/procedures/vpr", json=whole, headers={"If-Match": f'"{stored["revision"]}"'})


async def own(http: httpx.AsyncClient) -> list[dict[str, Any]]:
    return list((await http.get("/v1/procedures/vpr")).json()["indicators"])


async def test_an_indicator_that_results_hold_is_neither_dropped_nor_given_another_unit(
    http: httpx.AsyncClient, database: Database
):
    result = await posted(http)
    one, two = await own(http)
    for indicators, pointer in (((one,), "/indicators"), ((one, NEW), "/indicators"), ((SHARE, two), "/indicators/0")):
        async with looking(database) as looks:
            answer = await described(http, *indicators)
        [error] = answer.json()["errors"]
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid-procedure")
        assert (error["pointer"], error["code"], result in error["message"]) == (pointer, "indicator-in-use", True)
        assert [look.plan for look in looks.of("results")] == ["IXSCAN { procedure: 1, recorded_at: 1, _id: 1 }"]
    assert await own(http) == [one, two]
    assert [payload["revision"] for _, payload in await told(database, "procedure") if payload["code"] == 10] == [1]
    async with looking(database) as looks:
        assert (await described(http, two, one, NEW, name="Иначе")).status_code == 200
    assert [look for look in looks.all if look.collection == "results"] == [], "asked only where something is at stake"


async def test_a_value_is_found_behind_results_that_have_none(http: httpx.AsyncClient):
    await posted(http, values={"i1": 2, "i2": None})
    result = await posted(http, period="2021", values={"i1": 2, "i2": 1})
    one, _ = await own(http)
    [error] = (await described(http, one)).json()["errors"]
    assert result in error["message"]


async def test_what_was_described_by_mistake_is_mended_once_its_results_are_withdrawn(http: httpx.AsyncClient):
    result = await posted(http, values={"i1": 2, "i2": None})
    one, two = await own(http)
    [error] = (await described(http, NEW)).json()["errors"]
    assert "i1" in error["message"], "the other has no value"
    assert (await described(http, one)).status_code == 200, "no result has a value of the other"
    assert (await described(http, SHARE, two)).status_code == 422
    withdrawn = {"withdrawn": True, "reason": "не та единица"}
    path = f"/v1/results/{result}/revisions"
    assert (await http.post(path, json=withdrawn, headers={"If-Match": '"1"'})).status_code == 201
    assert (await described(http, SHARE, two)).status_code == 200
    again = {"values": {"i1": 97, "i2": 1}, "reason": "теперь верно"}
    assert (await http.post(path, json=again, headers={"If-Match": '"2"'})).status_code == 201


async def test_results_of_before_are_corrected_though_the_catalogue_gained_an_indicator(
    http: httpx.AsyncClient, database: Database
):
    result = await posted(http)
    assert (await described(http, *await own(http), NEW)).status_code == 200
    path, headers = f"/v1/results/{result}/revisions", {"If-Match": '"1"'}
    same = await http.post(path, json={"values": {"i1": 2, "i2": 1.5}, "reason": "сверка"}, headers=headers)
    assert (same.status_code, same.json()["status"]) == (200, "unchanged")
    null = await http.post(path, json={"values": {"i1": 2, "i2": 1.5, "i4": None}, "reason": "с"}, headers=headers)
    assert (null.status_code, null.json()["status"]) == (200, "unchanged")
    lost = await http.post(path, json={"values": {"i1": 1}, "reason": "сверка"}, headers=headers)
    assert [(one["pointer"], one["code"]) for one in lost.json()["errors"]] == [("/values/i2", "required")]
    mended = await http.post(path, json={"values": {"i1": 1, "i2": 1.5}, "reason": "сверка"}, headers=headers)
    assert (mended.status_code, mended.json()["values"]) == (201, {"i1": "1", "i2": "1.5"})
    assert len(await told(database)) == 2
    first = await http.post("/v1/results", json=body(period="2021"))
    assert [(one["pointer"], one["code"]) for one in first.json()["errors"]] == [("/values/i4", "required")]


async def test_a_source_that_does_not_know_the_new_indicator_goes_on_repeating_and_correcting(
    http: httpx.AsyncClient, database: Database
):
    await posted(http)
    assert (await described(http, *await own(http), NEW)).status_code == 200
    later = "2022-11-02T09:00:00+05:00"
    report = await sent(
        http, event("e1"), event("e2", values={"i1": 1, "i2": 1}, occurred_at=later), event("e3", period="2021")
    )
    assert [one["status"] for one in report] == ["unchanged", "corrected", "refused"]
    assert codes(report[2]) == ["required"]
    batch = await http.post("/v1/results/batch", json={"items": [body(values={"i1": 1, "i2": 1}), body(period="2021")]})
    assert [one["status"] for one in batch.json()["items"]] == ["unchanged", "refused"]
    [_, correction] = await told(database)
    assert correction[1]["values"] == {"i1": "1", "i2": "1"}
    [kept] = await database.find("refusals", {})
    assert (kept["event"], kept["code"]) == ("e3", "required")


async def test_a_process_that_has_not_heard_of_a_dropped_indicator_asks_before_it_refuses(
    http: httpx.AsyncClient, database: Database
):
    other = await monitoring(database)
    one, _ = await own(http)
    assert (await described(http, one)).status_code == 200
    answer = await other.submitting.submit(body(values={"i1": 1}), actor=ACTORS["operator"], cause=Cause("c"))
    assert answer["item"]["values"] == {"i1": "1"}
