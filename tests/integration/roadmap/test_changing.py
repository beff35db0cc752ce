"""A road map that is there is changed by who has read it."""

import httpx

from deploy.local.region import read_region


async def test_a_map_is_put_over_the_revision_that_was_read_and_over_none_without_one(http: httpx.AsyncClient):
    body = next({**one} for one in read_region().roadmaps if one["municipality"] is None)
    path = f"/v1/roadmaps/{body.pop('key')}"
    nothing = await http.put(path, json=body, headers={"If-Match": '"1"'})
    assert (nothing.status_code, nothing.json()["revision"]) == (412, 0)
    await http.put(path, json=body)
    etag = (await http.get(path)).headers["etag"]
    mine = await http.put(path, json={**body, "title": "Моя правка"}, headers={"If-Match": etag})
    assert (mine.status_code, mine.json()["revision"]) == (200, 2)
    theirs = await http.put(path, json={**body, "title": "Их правка"}, headers={"If-Match": etag})
    assert (theirs.status_code, theirs.json()["code"], theirs.json()["revision"]) == (412, "stale-revision", 2)
    assert (await http.get(path)).json()["title"] == "Моя правка"
    unsaid = await http.put(path, json=body)
    assert (unsaid.status_code, unsaid.json()["code"]) == (428, "if-match-required")
    assert f"GET {path}" in unsaid.json()["detail"]
    same = await http.put(path, json={**body, "title": "Моя правка"})
    assert (same.status_code, same.json()["revision"]) == (200, 2)
    again = await http.put(path, json=body, headers={"If-None-Match": "*"})
    assert (again.status_code, again.json()["code"]) == (412, "stale-revision")


async def test_staff_are_told_where_the_revision_of_the_very_side_is_read(http: httpx.AsyncClient):
    """The region's own side of the same activity has another revision."""
    one = next(one for one in read_region().roadmaps if one["municipality"] is None)
    await http.put(f"/v1/roadmaps/{one['key']}", json={key: one[key] for key in one if key != "key"})
    path = f"/v1/activities/{one['key']}:2"
    said = {"text": "Проведено", "done_on": "2022-05-20"}
    etag = (await http.get(path)).headers["etag"]
    own = await http.post(f"{path}/evidence", json=said, headers={"If-Match": etag})
    assert own.status_code == 201, own.text
    theirs = {**said, "municipality": "74-a"}
    stale = await http.post(f"{path}/evidence", json=theirs, headers={"If-Match": own.headers["etag"]})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale-revision")
    told = stale.json()["detail"].rpartition("GET ")[2].rstrip(".")
    read = (await http.get(told)).headers["etag"]
    done = await http.post(f"{path}/evidence", json=theirs, headers={"If-Match": read})
    assert (done.status_code, done.json()["municipality"]["id"]) == (201, "74-a"), done.text
