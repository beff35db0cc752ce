"""Who moved a deadline, and what it was: an overdue activity does not become one in time without a trace."""

import httpx

from deploy.local.region import read_region
from shared.mongo import Database


async def test_who_moved_a_deadline_and_what_it_was_is_kept(http: httpx.AsyncClient, database: Database):
    body = next({**one} for one in read_region().roadmaps if one["municipality"] is None)
    path = f"/v1/roadmaps/{body.pop('key')}"
    await http.put(path, json=body)
    first, *others = body["activities"]
    later = {**first["deadline"], "windows": [{"start": "2030-02-01", "end": "2030-02-28"}]}
    moved = {**body, "activities": [{**first, "deadline": later}, *others]}
    by = {"Authorization": "Bearer ministry", "If-Match": '"1"'}
    assert (await http.put(path, json=moved, headers=by)).status_code == 200
    activity = f"{path.rpartition('/')[2]}:{first['number']}"
    made, changed = await database.find("journal", {"of": "activities", "key": activity}, sort=[("_id", 1)])
    assert (made["before"], made["account"], changed["account"]) == (None, "regional_operator-", "ministry-")
    assert changed["before"]["task"]["deadline"]["windows"] == first["deadline"]["windows"]
    assert await database.count("journal", {"of": "activities", "role": "ministry"}) == 1, "what is as it was"
    assert await database.count("journal", {"of": "roadmaps"}) == 2


async def test_the_answer_that_one_takes_no_part_is_kept_when_another_replaces_it(
    http: httpx.AsyncClient, database: Database
):
    body = next({**one} for one in read_region().roadmaps if one["municipality"] is None)
    key = body.pop("key")
    await http.put(f"/v1/roadmaps/{key}", json=body)
    address = f"/v1/activities/{key}:1"
    for reason in ("нет школ", "нет средств"):
        etag = (await http.get(address, params={"municipality": "74-a"})).headers["etag"]
        said = {"municipality": "74-a", "reason": reason}
        assert (await http.post(f"{address}/decline", json=said, headers={"If-Match": etag})).status_code < 300
    etag = (await http.get(address, params={"municipality": "74-a"})).headers["etag"]
    done = {"municipality": "74-a", "text": "Проведено", "done_on": "2022-01-20"}
    assert (await http.post(f"{address}/evidence", json=done, headers={"If-Match": etag})).status_code == 201
    first, last = await database.find("journal", {"of": "executions"}, sort=[("_id", 1)])
    assert (first["before"], last["before"]["declined"]["reason"]) == (None, "нет школ")


async def test_who_said_when_an_activity_without_a_deadline_is_due_is_kept(http: httpx.AsyncClient, database: Database):
    body = next({**one} for one in read_region().roadmaps if one["municipality"] is None)
    key = body.pop("key")
    await http.put(f"/v1/roadmaps/{key}", json=body)
    address = f"/v1/activities/{key}:6"
    said = {"windows": [{"start": "2022-09-01", "end": "2022-10-31"}], "reason": "план работы групп"}
    etag = (await http.get(address)).headers["etag"]
    assert (await http.post(f"{address}/deadline", json=said, headers={"If-Match": etag})).status_code == 200
    made, answered = await database.find("journal", {"of": "activities", "key": f"{key}:6"}, sort=[("_id", 1)])
    assert (made["before"], answered["before"]["answer"], answered["action"]) == (None, None, "deadline.answer")
