"""A dead letter that is handled again: done, or refused with the same words as the first time."""

from typing import Any

from shared import operations
from shared.broker import Consumer
from shared.mongo import Batch, Database, Document, UpdateOne
from shared.settings import Settings
from shared.testing import eventually
from tests.integration.shared.test_broker import Counting, consuming, headers, listener, sending, value


async def buried(settings: Settings, database: Database, topic: str, number: int) -> Document:
    """The dead letter that this number has become."""
    counting = Counting(database)
    async with sending(settings) as producer, consuming(settings, database, topic, counting.take):
        await producer.send_and_wait(topic, value("a", number), headers=headers(ce_id="one"), partition=0)
        [letter] = await eventually(lambda: database.find("dead_letters", {}), what="a dead letter")
    return letter


async def redriven(database: Database, topic: str, letter: Document, take: Any) -> Batch[Any]:
    consumer = Consumer(listener(topic, take), database)
    return await consumer.redrive(operations._Stored(letter))


async def test_while_the_bug_is_there_it_is_refused_again_and_once_it_is_mended_it_is_done(
    settings: Settings, database: Database, topic: str
) -> None:
    letter = await buried(settings, database, topic, 99)
    assert (letter["code"], letter["source"], letter["event"]) == ("failed", "test", "one")
    again = await redriven(database, topic, letter, Counting(database).take)
    assert [dead.code for dead in again.dead] == ["failed"]
    [row] = await database.find("dead_letters", {})
    assert (row["state"], row["attempts"]) == ("new", 2)
    assert row["at"] == letter["at"], "when it came first is what a reader waits from"
    assert row["tried_at"] > letter["tried_at"] == letter["at"]

    done: list[int] = []

    async def mended(batch: Batch[Any]) -> None:
        done.extend(heard.event.number for heard in batch.heard)

    assert not (await redriven(database, topic, letter, mended)).dead
    assert done == [99]


async def test_a_settled_letter_that_is_refused_again_waits_again_and_is_not_thrown_away(
    settings: Settings, database: Database, topic: str
) -> None:
    letter = await buried(settings, database, topic, 13)
    settled = {"state": "redriven", "redriven_by": "operator-1", "changed_at": letter["at"]}
    await database.write("dead_letters", [UpdateOne({"_id": letter["_id"]}, {"$set": settled})])
    await redriven(database, topic, letter, Counting(database).take)
    [row] = await database.find("dead_letters", {})
    assert (row["state"], row["at"]) == ("new", letter["at"])
    assert not {"changed_at", "redriven_by"} & set(row), "a settled one is kept for some days only"


async def test_what_was_refused_is_refused_again_in_the_same_words(
    settings: Settings, database: Database, topic: str
) -> None:
    letter = await buried(settings, database, topic, 13)
    again = await redriven(database, topic, letter, Counting(database).take)
    assert [(dead.code, dead.message) for dead in again.dead] == [(letter["code"], letter["message"])]
