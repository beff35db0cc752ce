"""A dead letter that is handled again: done, or refused with the same words as the first time."""

from typing import Any

import pytest

from shared.batch import Batch
from shared.broker import Consumer
from shared.broker.handling import Handling
from shared.broker.reading import read
from shared.kernel import Conflict
from shared.letters import Letters, Stored
from shared.mongo import Database, Document
from shared.settings import Settings
from shared.testing import eventually
from tests.integration.shared.test_broker import consuming, headers, listener, seen, sending, value
from tests.integration.shared.toys import Counting


async def buried(settings: Settings, database: Database, topic: str, number: int) -> Document:
    """The dead letter that this number has become."""
    counting = Counting(database)
    async with sending(settings) as producer, consuming(settings, database, topic, counting.take):
        await producer.send_and_wait(topic, value("a", number), headers=headers(ce_id="one"), partition=0)
        [letter] = await eventually(lambda: database.find("dead_letters", {}), what="a dead letter")
    return letter


async def redriven(database: Database, topic: str, letter: Document, take: Any) -> Document:
    """The letter after another attempt."""
    consumer = Consumer(listener(topic, take), database)
    return await Letters(database, [consumer]).redrive(letter["_id"], by="operator-1")


async def test_while_the_bug_is_there_it_is_refused_again_and_once_it_is_mended_it_is_done(
    settings: Settings, database: Database, topic: str
) -> None:
    letter = await buried(settings, database, topic, 99)
    assert (letter["code"], letter["source"], letter["event"]) == ("failed", "test", "one")
    row = await redriven(database, topic, letter, Counting(database).take)
    assert (row["state"], row["code"], row["attempts"]) == ("new", "failed", 2)
    assert row["at"] == letter["at"], "when it came first is what a reader waits from"
    assert row["tried_at"] > letter["tried_at"] == letter["at"]

    done: list[int] = []

    async def mended(batch: Batch[Any]) -> None:
        done.extend(heard.event.number for heard in batch.heard)

    assert (await redriven(database, topic, letter, mended))["state"] == "redriven"
    assert done == [99]


async def test_what_is_handled_is_not_handled_again(settings: Settings, database: Database, topic: str) -> None:
    letter = await buried(settings, database, topic, 13)
    tries: list[int] = []

    async def mended(batch: Batch[Any]) -> None:
        tries.append(len(batch.heard))

    done = await redriven(database, topic, letter, mended)
    assert (done["state"], done["redriven_by"]) == ("redriven", "operator-1")
    assert await redriven(database, topic, letter, mended) == done
    assert tries == [1]


@pytest.mark.parametrize("number", [1, 13], ids=["taken", "refused"])
async def test_what_is_given_up_while_it_is_handled_again_stays_so_and_nothing_of_it_is_taken(
    settings: Settings, database: Database, topic: str, number: int
) -> None:
    letter = await buried(settings, database, topic, 99)
    letters, counting = Letters(database, []), Counting(database)

    async def beside(batch: Batch[Any]) -> None:
        await letters.discard(letter["_id"], "прислано заново", by="operator-2")
        for heard in batch.heard:
            heard.event.__dict__["number"] = number
        await counting.take(batch)

    with pytest.raises(Conflict, match="already-discarded"):
        await redriven(database, topic, letter, beside)
    row = await letters.one(letter["_id"])
    assert (row["state"], row["discard_reason"], row["discarded_by"]) == ("discarded", "прислано заново", "operator-2")
    assert (row["attempts"], await seen(database, "a")) == (1, [])


async def test_a_settled_letter_that_is_read_again_and_refused_waits_again_and_is_not_thrown_away(
    settings: Settings, database: Database, topic: str
) -> None:
    letter = await buried(settings, database, topic, 13)
    await Letters(database, []).discard(letter["_id"], "проба", by="operator-1")
    reading = listener(topic, Counting(database).take)
    await Handling(reading, database).alone(read(reading, [Stored(letter)], {}))
    [row] = await database.find("dead_letters", {})
    assert (row["state"], row["at"]) == ("new", letter["at"])
    assert not {"changed_at", "discarded_by", "discard_reason"} & set(row), "a settled one is kept for some days only"


async def test_what_was_refused_is_refused_again_in_the_same_words(
    settings: Settings, database: Database, topic: str
) -> None:
    letter = await buried(settings, database, topic, 13)
    again = await redriven(database, topic, letter, Counting(database).take)
    assert (again["code"], again["message"], again["attempts"]) == (letter["code"], letter["message"], 2)
