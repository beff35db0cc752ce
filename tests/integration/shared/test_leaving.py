"""Leaving a group on the real broker: after an orderly stop the others go on at once."""

import asyncio
import time
from collections.abc import Callable

import pytest

from shared.broker import Kafka, connection
from shared.mongo import Database
from shared.settings import Settings
from shared.testing import eventually
from tests.integration.shared.test_broker import headers, listener, seen, sending, value
from tests.integration.shared.toys import Counting

# What is promised: nobody waits until the session of the one who left is over, which takes ten seconds.
WITHIN = 7.0


def _worker(settings: Settings, database: Database, topic: str, number: int) -> Kafka:
    kafka = Kafka(settings, "test", f"{settings.instance}-{number}")
    kafka.listen(listener(topic, Counting(database).take), database)
    kafka.start()
    return kafka


def _holds(kafka: Kafka, count: int) -> Callable[[], bool]:
    def look() -> bool:
        consumer = kafka.consumers[0].get()
        return consumer is not None and len(consumer.assignment()) == count and kafka.assigned()

    return look


async def _two(settings: Settings, database: Database, topic: str) -> tuple[Kafka, Kafka]:
    first = _worker(settings, database, topic, 1)
    await eventually(_holds(first, 3), what="the first holds all")
    second = _worker(settings, database, topic, 2)
    await eventually(lambda: _holds(first, 2)() and _holds(second, 1)(), what="both hold some")
    return first, second


async def test_after_a_stop_the_other_worker_holds_all_partitions_at_once(
    settings: Settings, database: Database, topic: str
) -> None:
    first, second = await _two(settings, database, topic)
    async with sending(settings) as producer:
        for number in (100, 101):
            await producer.send_and_wait(topic, value("a", number), headers=headers(), partition=0)
        await eventually(lambda: _seen(database, [100, 101]))
        began = time.monotonic()
        await first.stop()
        await eventually(_holds(second, 3), what="the second holds all")
        await producer.send_and_wait(topic, value("a", 102), headers=headers(), partition=0)
        await eventually(lambda: _seen(database, [100, 101, 102]), what="it goes on")
    assert time.monotonic() - began < WITHIN
    again = _worker(settings, database, topic, 1)
    await eventually(lambda: _holds(again, 2)() or _holds(again, 1)(), what="it comes back")
    await asyncio.gather(again.stop(), second.stop())


async def _seen(database: Database, wanted: list[int]) -> bool:
    return list(await seen(database, "a")) == wanted


async def test_a_stop_waits_for_no_connection_that_does_not_close(
    settings: Settings, database: Database, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "CLOSING_SECONDS", 0.5)
    kafka = _worker(settings.model_copy(update={"drain_seconds": 1}), database, topic, 1)
    await eventually(_holds(kafka, 3), what="it holds all")
    genuine = kafka._broker.stop

    async def never(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(kafka._broker, "stop", never)
    async with asyncio.timeout(10):
        await kafka.stop()
    assert not kafka.started
    await genuine()
