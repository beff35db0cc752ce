"""What a query says that its door does not know is refused, on writes too, and nothing is done."""

import httpx
import pytest

from tests.unit.shared.signing import Issuer


@pytest.mark.parametrize(
    ("query", "pointer", "code", "remedy"),
    [
        ("limt=1", "/limt", "unknown-field", "Возможно, limit?"),
        ("LIMIT=1", "/LIMIT", "unknown-field", "Возможно, limit?"),
        ("dry_run=true", "/dry_run", "unknown-field", "Уберите его. Есть: cursor, kind, limit."),
        ("a/b={}", "/a~1b", "unknown-field", "Уберите его. Есть: cursor, kind, limit."),
        ("limit=1&limit=2", "/limit", "repeated-field", "Оставьте одно значение."),
        ("=1", "/", "unknown-field", "Уберите его. Есть: cursor, kind, limit."),
    ],
)
async def test_what_a_door_does_not_know_is_refused(
    client: httpx.AsyncClient, issuer: Issuer, query: str, *, pointer: str, code: str, remedy: str
):
    answer = await client.get(f"/v1/things?{query}", headers=issuer.bearer())
    [wrong] = answer.json()["errors"]
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")
    assert (wrong["pointer"], wrong["code"], wrong["remedy"], wrong["in"]) == (pointer, code, remedy, "query")


async def test_every_wrong_parameter_is_named(client: httpx.AsyncClient, issuer: Issuer):
    answer = await client.get("/v1/things?limt=1&kind=a&kind=b&limit=1&limit=1", headers=issuer.bearer())
    told = {one["pointer"]: one["code"] for one in answer.json()["errors"]}
    assert told == {"/limt": "unknown-field", "/limit": "repeated-field"}


async def test_a_write_with_an_unknown_parameter_writes_nothing(client: httpx.AsyncClient):
    answer = await client.post("/v1/things?dry_run=true", json={"name": "ab"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/dry_run")
    assert "У этого действия нет параметров" in answer.json()["errors"][0]["remedy"]


async def test_who_may_not_do_it_is_told_that_first(client: httpx.AsyncClient, issuer: Issuer):
    assert (await client.put("/v1/things/7?x=1")).status_code == 401
    assert (await client.put("/v1/things/7?x=1", headers=issuer.bearer())).status_code == 422


async def test_what_is_no_operation_of_the_api_takes_any_query(client: httpx.AsyncClient):
    for path in ("/livez", "/metrics", "/docs", "/openapi.json"):
        assert (await client.get(f"{path}?x=1&x=2")).status_code == 200
