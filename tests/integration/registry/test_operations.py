"""The operators' doors, the same in every service: outbox, dead letters, giving one up."""

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from shared.mongo import Database, Mongo, UpdateOne

LETTER = "registry|other.thing.v1|0|7"
ROW = {
    "group": "registry", "topic": "other.thing.v1", "partition": 0, "offset": 7, "key": b"k", "value": b"\xff\x00",
    "headers": [["ce_id", b"1"], ["odd", None]], "timestamp": 0, "code": "invalid-data", "message": "Не читается",
    "errors": [{"pointer": "/a", "code": "required", "message": "Нет поля", "remedy": "Добавьте"}], "source": "other",
    "event": None, "state": "new", "at": datetime(2022, 11, 1, tzinfo=UTC),
}  # fmt: skip


@pytest.fixture
async def own(mongo: Mongo) -> AsyncIterator[Database]:
    """The database that the operators' doors of the process look into, with one dead letter."""
    found = mongo.database("registry")
    await found.write("dead_letters", [UpdateOne({"_id": LETTER}, {"$set": ROW}, upsert=True)])
    yield found
    await found.drop()


async def test_a_letter_of_which_only_the_beginning_is_kept_says_so_and_is_not_handled_again(
    http: httpx.AsyncClient, own: Database
):
    cut = {"key": 1, "value": 20_000_000, "headers": 2, "sha256": "ab" * 32}
    await own.write("dead_letters", [UpdateOne({"_id": LETTER}, {"$set": {"cut": cut}})])
    assert (await http.get(f"/v1/operations/dead-letters/{LETTER}")).json()["cut"] == cut
    refused = await http.post(f"/v1/operations/redrive/{LETTER}")
    assert (refused.status_code, refused.json()["code"]) == (409, "dead-letter-cut")
    assert "байт данных: 20000000" in refused.json()["detail"]


async def test_dead_letters_are_listed_shown_whole_and_given_up(http: httpx.AsyncClient, own: Database):
    assert (await http.get("/v1/operations/outbox")).json()["unpublished"] == await own.count("outbox", {})
    (listed,) = (await http.get("/v1/operations/dead-letters?state=new")).json()["items"]
    whole = (await http.get(f"/v1/operations/dead-letters/{LETTER}")).json()
    assert (whole["value"], whole["headers"]) == ("hex:ff00", [["ce_id", "1"], ["odd", None]])
    assert whole == {**whole, **listed}
    assert whole["cut"] is None, "a row from before"
    assert (whole["attempts"], whole["tried_at"]) == (1, whole["received_at"]), "as above"
    idle = await http.post(f"/v1/operations/redrive/{LETTER}")
    assert (idle.status_code, idle.json()["code"]) == (409, "not-consuming")
    done = (await http.post(f"/v1/operations/discard/{LETTER}", json={"reason": "проба"})).json()
    assert (done["state"], done["reason"]) == ("discarded", "проба")
    assert not (await http.get("/v1/operations/dead-letters?state=new")).json()["items"]
    missing = await http.get("/v1/operations/dead-letters/nothing")
    assert (missing.status_code, missing.json()["code"]) == (404, "dead-letter-not-found")


async def test_of_what_is_given_up_its_size_and_hash_are_kept_and_nothing_that_was_sent(
    http: httpx.AsyncClient, own: Database
):
    (await http.post(f"/v1/operations/discard/{LETTER}", json={"reason": "чужие данные"})).raise_for_status()
    told = (await http.get(f"/v1/operations/dead-letters/{LETTER}")).json()
    assert (told["key"], told["value"], told["headers"]) == (None, None, [])
    assert told["cut"] == {"key": 1, "value": 2, "headers": 2, "sha256": hashlib.sha256(b"\xff\x00").hexdigest()}
    kept = await own.find_one("dead_letters", {"_id": LETTER})
    assert b"\xff\x00" not in (kept or {}).values()
    again = await http.post(f"/v1/operations/redrive/{LETTER}")
    assert (again.status_code, again.json()["code"]) == (409, "already-discarded")


async def test_of_a_huge_one_that_is_given_up_the_true_size_stays(http: httpx.AsyncClient, own: Database):
    cut = {"key": 1, "value": 20_000_000, "headers": None, "sha256": None}
    await own.write("dead_letters", [UpdateOne({"_id": LETTER}, {"$set": {"cut": cut}})])
    (await http.post(f"/v1/operations/discard/{LETTER}", json={"reason": "чужие данные"})).raise_for_status()
    told = (await http.get(f"/v1/operations/dead-letters/{LETTER}")).json()
    assert (told["cut"], told["value"]) == (cut, None)


async def test_who_gave_a_letter_up_when_and_why_is_said_once(http: httpx.AsyncClient, own: Database):
    door = f"/v1/operations/discard/{LETTER}"
    done = (await http.post(door, json={"reason": "прислано заново"})).json()
    kept = await own.find_one("dead_letters", {"_id": LETTER}) or {}
    assert (done["decided_by"], datetime.fromisoformat(done["decided_at"])) == ("ministry", kept["changed_at"])
    assert (await http.get("/v1/operations/dead-letters")).json()["items"] == [done]
    operator = {"Authorization": "Bearer regional_operator"}
    again = await http.post(door, json={"reason": "прислано заново"}, headers=operator)
    assert (again.status_code, again.json()) == (200, done)
    refused = await http.post(door, json={"reason": "другая причина"}, headers=operator)
    assert (refused.status_code, refused.json()["code"]) == (409, "already-discarded")
    assert "прислано заново" in refused.json()["detail"]
    assert await own.find_one("dead_letters", {"_id": LETTER}) == kept


async def test_what_was_handled_again_is_neither_handled_once_more_nor_given_up(http: httpx.AsyncClient, own: Database):
    handled = {"state": "redriven", "redriven_by": "operator"}
    await own.write("dead_letters", [UpdateOne({"_id": LETTER}, {"$set": handled})])
    again = await http.post(f"/v1/operations/redrive/{LETTER}")
    assert (again.status_code, again.json()["handled"], again.json()["decided_by"]) == (200, True, "operator")
    refused = await http.post(f"/v1/operations/discard/{LETTER}", json={"reason": "проба"})
    assert (refused.status_code, refused.json()["code"]) == (409, "already-redriven")


async def test_dead_letters_are_listed_page_by_page_newest_first(http: httpx.AsyncClient, own: Database):
    others = [{**ROW, "offset": n, "at": datetime(2022, 11, 1 + n, tzinfo=UTC)} for n in (1, 2)]
    await own.write(
        "dead_letters", [UpdateOne({"_id": f"x{one['offset']}"}, {"$set": one}, upsert=True) for one in others]
    )
    first = (await http.get("/v1/operations/dead-letters?limit=2&code=invalid-data")).json()
    rest = (await http.get(f"/v1/operations/dead-letters?limit=2&cursor={first['next']}")).json()
    assert [one["id"] for one in first["items"] + rest["items"]] == ["x2", "x1", LETTER]
    assert rest["next"] is None
