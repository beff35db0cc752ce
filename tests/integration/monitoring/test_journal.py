"""Who let a system in, or said what a procedure may be used for: kept with what was said before."""

import httpx

from shared.mongo import Database
from tests.integration.monitoring.test_catalogue import PUT


async def test_who_let_a_client_in_and_out_again_is_kept(http: httpx.AsyncClient, database: Database):
    path, body = "/v1/sources/new", {"name": "Новая", "procedures": "all", "clients": ["a"]}
    await http.put(path, json=body)
    await http.put(path, json=body)
    await http.put(path, json={**body, "clients": ["a", "cousin"]}, headers={"If-Match": '"1"'})
    back = {"If-Match": '"2"', "Authorization": "Bearer ministry"}
    await http.put(path, json=body, headers=back)
    assert (await http.put(path, json={**body, "name": "Иначе"}, headers=back)).status_code == 412
    kept = await database.find("journal", {"of": "sources", "key": "new"}, sort=[("_id", 1)])
    assert [(one["role"], one["account"], one["action"]) for one in kept] == [
        ("regional_operator", "operator", "source.register"),
        ("regional_operator", "operator", "source.register"),
        ("ministry", "ministry", "source.register"),
    ]
    assert [one["before"] and one["before"]["clients"] for one in kept] == [None, ["a"], ["a", "cousin"]]


async def test_what_a_procedure_was_permitted_for_before_is_kept(http: httpx.AsyncClient, database: Database):
    await http.put("/v1/procedures/diag", json=PUT)
    wider = PUT | {"permitted_uses": [*PUT["permitted_uses"], "municipality_scoring"], "act": "письмо № 2"}
    await http.put("/v1/procedures/diag", json=wider, headers={"If-Match": '"1"'})
    (first, last) = await database.find("journal", {"key": "diag"}, sort=[("_id", 1)])
    assert (first["before"], last["before"]["act"], last["account"]) == (None, "письмо", "operator")
    assert last["before"]["permitted_uses"] == ["analysis", "support"]
