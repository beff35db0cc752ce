"""Applying what the stores declare: what is there stays, what is missing or changed is made, and no more."""

from datetime import timedelta
from typing import Any

import pytest

from shared.kernel import Conflict
from shared.mongo import Database, DuplicateKeyError, Tx
from shared.mongo.schema import PLATFORM, Document, Index, Schema
from shared.relay import outbox_state

NAMED = {"required": ["name"]}
SIZED = {"required": ["name", "size"]}
FIRST = Schema("things", [Index((("name", 1),), unique=True)], NAMED)
SECOND = Schema("things", [*FIRST.indexes, Index((("size", 1),), expire_after=60), Index((("at", -1),))], SIZED)
PLAIN = Schema("plain")


async def put(database: Database, document: dict[str, Any]) -> None:
    async def body(tx: Tx) -> None:
        await tx.insert("things", [document])

    await database.transact(body)


async def test_everything_is_made_once(database: Database) -> None:
    assert await database.apply([FIRST, PLAIN]) == 4, "two collections, a validator, an index"
    assert await database.apply([FIRST, PLAIN]) == 0
    await put(database, {"_id": 1, "name": "a"})
    with pytest.raises(DuplicateKeyError):
        await put(database, {"_id": 2, "name": "a"})


async def test_only_what_is_missing_or_changed_is_made(database: Database) -> None:
    await database.apply([FIRST])
    await put(database, {"_id": 1, "name": "a"})
    assert await database.apply([SECOND, PLAIN]) == 4, "a collection, a validator, two indexes"
    assert await database.apply([SECOND, PLAIN]) == 0
    assert await database.find("things", {}) == [{"_id": 1, "name": "a"}]


async def test_a_validator_holds_from_the_first_document_on(database: Database) -> None:
    await database.apply([FIRST])
    with pytest.raises(Exception, match="failed validation"):
        await put(database, {"_id": 1})


async def test_another_time_to_expire_is_applied_in_place(database: Database) -> None:
    """Also of an index over part of the rows, and of one that had no time."""
    settled = {"state": {"$in": ["done", "gone"]}}

    def aged(first: int | None, second: int) -> Schema:
        ages = Index((("at", 1),), expire_after=first), Index((("done", 1),), expire_after=second, partial=settled)
        return Schema("aged", ages)

    assert await database.apply([aged(None, 60)]) == 3
    assert await database.apply([aged(30, 90)]) == 2
    assert await database.apply([aged(30, 90)]) == 0
    found = await indexes(database, "aged")
    assert (found["at_1"]["expireAfterSeconds"], found["done_1"]["expireAfterSeconds"]) == (30, 90)


async def test_an_index_of_an_earlier_version_goes_when_its_successor_is_there(database: Database) -> None:
    """Of the same keys with another filter; who goes back to the earlier version has its own index again."""
    before = Schema("things", [Index((("school", 1),), unique=True, partial={"school": {"$type": "string"}})])
    after = Index((("school", 1),), unique=True, partial={"school": {"$gt": ""}}, word="given")
    now = Schema("things", [after], gone=("school_1",))
    await database.apply([before])
    assert await database.apply([now]) == 2, "one made, one dropped"
    assert await database.apply([now]) == 0
    assert set(await indexes(database, "things")) == {"_id_", "school_1_given"}
    await database.apply([before])
    assert set(await indexes(database, "things")) == {"_id_", "school_1_given", "school_1"}


@pytest.mark.parametrize(
    "wanted",
    [
        Index((("at", 1),), unique=True),
        Index((("at", 1),), unique=True, expire_after=60),
        Index((("at", 1),), partial={"a": 1}, expire_after=60),
        Index((("at", 1),)),
    ],
    ids=["unique", "unique and expiring", "partial", "without a time"],
)
async def test_an_option_that_cannot_be_changed_in_place_is_told_by_name(database: Database, wanted: Index) -> None:
    await database.apply([Schema("aged", [Index((("at", 1),), expire_after=60)])])
    with pytest.raises(Conflict, match="index-differs") as told:
        await database.apply([Schema("aged", [wanted])])
    assert f"at_1 коллекции {database.name}.aged" in told.value.detail


async def test_what_every_store_has_is_made_once_and_each_list_of_operators_has_an_index(database: Database) -> None:
    await database.apply(PLATFORM)
    assert await database.apply(PLATFORM) == 0
    newest = {"at": -1, "_id": -1}
    for where in ({}, {"state": "new"}, {"code": "failed"}):
        assert await stages(database, "dead_letters", where, newest) <= {"LIMIT", "FETCH", "IXSCAN"}, where
    assert await stages(database, "outbox", {}, {"at": 1}) <= {"LIMIT", "FETCH", "IXSCAN"}


async def test_the_outbox_is_told_by_its_oldest_row_and_about_how_many_there_are(database: Database) -> None:
    await database.apply(PLATFORM)
    assert await outbox_state(database) == (0, 0.0)
    now = database.mongo.clock()
    rows = [{"_id": number, "at": now - timedelta(seconds=number)} for number in range(5)]

    async def body(tx: Tx) -> None:
        await tx.insert("outbox", rows)

    await database.transact(body)
    depth, age = await outbox_state(database)
    assert depth == 5
    assert 4 <= age < 60


async def indexes(database: Database, collection: str) -> Document:
    found: Document = await database._db[collection].index_information()
    return found


async def stages(database: Database, collection: str, where: Document, sort: dict[str, int]) -> set[str]:
    """How the server would find the first of them."""
    asked = {"find": collection, "filter": where, "sort": sort, "limit": 51}
    told = await database._db.command("explain", asked, verbosity="queryPlanner")
    plan, found = told["queryPlanner"]["winningPlan"], set()
    plan = plan.get("queryPlan", plan)
    while plan:
        found.add(plan["stage"])
        plan = plan.get("inputStage")
    return found
