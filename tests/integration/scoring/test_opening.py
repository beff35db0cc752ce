"""Whether a live rating is open to everybody: said by the ministry, changed by who has read what it says."""

import httpx


async def test_a_rating_is_closed_again_by_who_has_read_that_it_is_open(http: httpx.AsyncClient) -> None:
    path, act, ministry = (
        "/v1/periods/2022/publication",
        {"public": True, "act": "№ 1"},
        {"Authorization": "Bearer ministry"},
    )
    assert (await http.get(path, headers=ministry)).json()["code"] == "publication-not-found"
    assert (await http.get(path, headers={"Authorization": "Bearer expert"})).status_code == 403
    opened = await http.put(path, json=act, headers=ministry | {"If-None-Match": "*"})
    assert (opened.status_code, opened.headers["etag"]) == (200, '"1"')
    again = await http.put(path, json=act, headers=ministry)
    assert (again.status_code, again.headers["etag"]) == (200, '"1"')
    unsaid = await http.put(path, json={**act, "public": False}, headers=ministry)
    assert (unsaid.status_code, unsaid.json()["code"]) == (428, "if-match-required")
    read = await http.get(path, headers=ministry)
    assert (f"GET {path}" in unsaid.json()["detail"], read.json()) == (True, {"region": "", "period": "2022", **act})
    closed = await http.put(path, json={**act, "public": False}, headers=ministry | {"If-Match": read.headers["etag"]})
    assert (closed.status_code, closed.headers["etag"]) == (200, '"2"')
    late = await http.put(path, json=act, headers=ministry | {"If-Match": read.headers["etag"]})
    assert (late.status_code, late.json()["code"]) == (412, "stale-revision")
