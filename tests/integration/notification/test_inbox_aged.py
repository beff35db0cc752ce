"""When somebody read something is not kept for ever: what is old counts as read, whether or not anybody read it."""

from datetime import timedelta
from typing import Any

from services.notification.domain import Asked, reached, read_at
from services.notification.store import FeedStore, InboxStore
from services.notification.store.schemas import SCHEMAS
from shared.migrate import migrate
from shared.mongo import Database, DeleteMany, UpdateOne
from shared.policy import EVERYTHING
from tests.integration.notification.told import MINISTRY, facts, score

DAYS = 86_400


async def aged(database: Database) -> InboxStore:
    """Three items of a year and more ago, and two of today."""
    await FeedStore(database).keep(facts(*(score("a", number) for number in range(1, 6))))
    old = database.mongo.clock() - timedelta(days=401)
    await database.write(
        "items", [UpdateOne({"_id": f"a:2022:{number}"}, {"$set": {"created_at": old}}) for number in (1, 2, 3)]
    )
    return InboxStore(database)


async def unread(inbox: InboxStore) -> tuple[int, list[str]]:
    """How many, and which by the marks of each."""
    items = await inbox.items(EVERYTHING, Asked())
    marks, steps = await inbox.marks(MINISTRY.subject, [one.id for one in items]), await inbox.steps(MINISTRY)
    left = [one.id for one in items if read_at(one.number, marks.get(one.id), steps) is None]
    return await inbox.unread(MINISTRY, None, reached(steps)), left


async def test_a_mark_that_ended_makes_nothing_unread_again(database: Database) -> None:
    inbox = await aged(database)
    assert await unread(inbox) == (2, ["a:2022:5", "a:2022:4"])
    await inbox.mark(MINISTRY, "a:2022:5", read=True)
    await inbox.mark(MINISTRY, "a:2022:2", read=False)
    assert await unread(inbox) == (2, ["a:2022:4", "a:2022:2"]), "taken back, it is unread however old"
    assert await inbox.mark_up_to(MINISTRY, "a:2022:4")
    assert await unread(inbox) == (0, [])
    for collection in ("marks", "readers"):
        await database.write(collection, [DeleteMany({})])
    assert await unread(inbox) == (2, ["a:2022:5", "a:2022:4"]), "the old ones are read without any mark"


async def test_marks_and_readers_end_a_day_after_their_items_count_as_read(database: Database, stores: Any) -> None:
    ends = {
        (schema.collection, one.keys[0][0]): one.expire_after
        for schema in SCHEMAS
        for one in schema.indexes
        if one.expire_after
    }
    assert (ends["marks", "read_at"], ends["readers", "changed_at"]) == (401 * DAYS, 401 * DAYS)
    inbox = await aged(database)
    assert await inbox.mark_up_to(MINISTRY, "a:2022:4")
    [now] = await database.find("readers", {})
    await database.write("readers", [UpdateOne({}, {"$unset": {"changed_at": ""}, "$set": {"v": 1}})])
    await migrate(stores.mongo_uri, database.name, SCHEMAS)
    [before] = await database.find("readers", {})
    assert before["changed_at"] == now["changed_at"] == now["steps"][-1]["at"]
