"""State, outbox and positions are one commit; a repeat, a sleeper and a second relay change nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest

from shared.batch import Batch
from shared.kernel import Cause, Refused, Unavailable
from shared.mongo import Database, DuplicateKeyError, Fenced, InsertOne, Mongo, ReplaceOne, Tx, UpdateOne
from tests.integration.shared.toys import ThingDone

CAUSE = Cause("corr-1", "cause-1")


async def test_state_and_outbox_are_one_commit(database: Database) -> None:
    async def body(tx: Tx) -> None:
        await tx.insert("things", [{"_id": "a"}])
        tx.tell(ThingDone(thing="a", number=1), CAUSE)

    await database.transact(body)
    rows = await database.find("outbox", {})
    assert [row["_id"] for row in rows] == [{"k": "a", "s": 1}]
    assert rows[0]["headers"]["ce_correlationid"] == "corr-1"
    assert rows[0]["topic"] == "test.thing.v1"


async def test_a_failed_body_leaves_neither_state_nor_message(database: Database) -> None:
    async def body(tx: Tx) -> None:
        await tx.insert("things", [{"_id": "a"}])
        tx.tell(ThingDone(thing="a", number=1), CAUSE)
        raise Refused("no", "нет")

    with pytest.raises(Refused):
        await database.transact(body)
    assert await database.find("outbox", {}) == []
    assert await database.find("things", {}) == []


async def test_what_was_written_is_seen_by_the_next_read_and_taken_back_with_the_rest(database: Database) -> None:
    seen: list[Any] = []

    async def body(tx: Tx) -> None:
        await tx.insert("things", [{"_id": "a"}])
        tx.put("things", [UpdateOne({"_id": "a"}, {"$set": {"n": 1}})])
        seen.extend(await tx.find("things", {}))
        raise Refused("no", "нет")

    with pytest.raises(Refused):
        await database.transact(body)
    assert seen == [{"_id": "a", "n": 1}]
    assert await database.find("things", {}) == []


async def test_an_operation_that_must_match_and_does_not_leaves_nothing(database: Database) -> None:
    async def body(tx: Tx) -> None:
        await tx.insert("things", [{"_id": "a"}])
        tx.put("things", [UpdateOne({"_id": "b", "version": 1}, {"$set": {"n": 1}})], otherwise=Fenced("b"))
        tx.tell(ThingDone(thing="a", number=1), CAUSE)

    with pytest.raises(Fenced):
        await database.transact(body)
    assert await database.find("things", {}) == []
    assert await database.find("outbox", {}) == []


async def test_sequences_of_a_key_have_no_gap_under_concurrent_writers(database: Database) -> None:
    async def write(number: int) -> None:
        async def body(tx: Tx) -> None:
            tx.tell(ThingDone(thing="a", number=number), CAUSE)

        await database.transact(body)

    await asyncio.gather(*(write(number) for number in range(12)))
    rows = await database.find("outbox", {}, sort=[("_id", 1)])
    assert [row["_id"]["s"] for row in rows] == list(range(1, 13))


def batch_from(start: int, end: int) -> Batch[Any]:
    return Batch(group="g", dlq="g.dlq", heard=(), reach={"t|0": (start, end)})


async def test_positions_move_only_from_where_the_reader_believes_they_are(database: Database) -> None:
    await database.write("positions", [ReplaceOne({"_id": "g|t|0"}, {"next": 5}, upsert=True)])

    async def body(tx: Tx) -> None:
        await tx.insert("things", [{"_id": tx.now.isoformat()}])

    await database.transact(body, batch=batch_from(5, 9))
    with pytest.raises(Fenced):
        await database.transact(body, batch=batch_from(5, 8))
    assert (await database.find_one("positions", {"_id": "g|t|0"}) or {})["next"] == 9
    assert await database.count("things", {}) == 1


async def test_an_answer_is_recalled_and_another_body_under_its_key_refused(database: Database) -> None:
    async def body(tx: Tx) -> None:
        await tx.remember("me|/v1/x|k", "digest-1", {"status": 201})

    await database.transact(body)
    assert await database.recall("me|/v1/x|k", "digest-1") == {"status": 201}
    with pytest.raises(Refused, match="idempotency-key-reused"):
        await database.recall("me|/v1/x|k", "digest-2")


async def test_an_answer_kept_under_the_key_of_before_is_found_where_it_is_of_the_same_request(database: Database):
    async def body(tx: Tx) -> None:
        await tx.remember("before", "digest-1", {"status": 201})

    await database.transact(body)
    assert await database.recall("now", "digest of now", ("before", "digest-1")) == {"status": 201}
    assert await database.recall("now", "digest of now", ("before", "digest-2")) is None
    with pytest.raises(DuplicateKeyError):
        await database.transact(body)


async def test_a_body_is_run_again_after_a_write_conflict_and_tells_once(database: Database, mongo: Mongo) -> None:
    await database.write("things", [ReplaceOne({"_id": "a"}, {"n": 0}, upsert=True)])

    async def add(tx: Tx) -> None:
        found = await tx.find_one("things", {"_id": "a"}) or {}
        await tx.write("things", [ReplaceOne({"_id": "a"}, {"n": found["n"] + 1})])
        tx.tell(ThingDone(thing="a", number=found["n"] + 1), CAUSE)

    await asyncio.gather(*(database.transact(add) for _ in range(8)))
    assert (await database.find_one("things", {"_id": "a"}) or {})["n"] == 8
    assert await database.count("outbox", {}) == 8


@pytest.mark.parametrize("kind", ["documents", "bytes"])
async def test_a_read_whose_rest_is_gone_says_that_the_store_is_away(database: Database, kind: str) -> None:
    """As after a restart of the server, which knows nothing of what was being read."""
    await database.write("things", [InsertOne({"_id": number}) for number in range(9)])
    read: AsyncIterator[Any] = database.stream("things", {}, size=2)
    if kind == "bytes":
        read = database.raw("things", {}, fields=["_id"], size=2)
    async with aclosing(read):
        await anext(read)
        await _forget_reads(database)
        with pytest.raises(Unavailable):
            async for _ in read:
                pass


async def _forget_reads(database: Database) -> None:
    """Kill what the server holds open of our reads."""
    asked = [{"$currentOp": {"idleCursors": True}}, {"$match": {"type": "idleCursor", "ns": f"{database.name}.things"}}]
    found = await database.mongo._client.admin.command("aggregate", 1, pipeline=asked, cursor={})
    held = [one["cursor"]["cursorId"] for one in found["cursor"]["firstBatch"]]
    told = await database._db.command("killCursors", "things", cursors=held)
    assert len(told["cursorsKilled"]) == 1
