"""The operators' doors, the same in every service: outbox, dead letters, giving one up."""

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
    assert "20000000 байт" in refused.json()["detail"]


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
    missing = await http.get("/v1/operations/dead-letters/nothing")
    assert (missing.status_code, missing.json()["code"]) == (404, "dead-letter-not-found")
