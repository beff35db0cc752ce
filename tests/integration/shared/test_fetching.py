"""How aiokafka fetches for us: from who leads a partition only, and where it ends by itself the process is not well."""

import asyncio
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.client import AIOKafkaClient
from aiokafka.protocol.fetch import FetchRequest
from structlog.testing import capture_logs

from shared.broker import Kafka
from shared.broker.broken import broken, clear_away
from shared.mongo import Database
from shared.settings import Settings
from shared.telemetry import metrics
from shared.testing import eventually
from tests.integration.shared.test_broker import _seen_is, consuming, headers, listener, sending, value
from tests.integration.shared.toys import Counting, cut_off


async def test_records_are_asked_for_so_that_a_follower_refuses(
    settings: Settings, database: Database, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of version 11 it says that its end, which lags behind, is the end; of 10 that it does not lead."""
    genuine, versions = AIOKafkaClient.send, set()

    async def send(self: AIOKafkaClient, node: int, request: Any, **more: Any) -> Any:
        answer = await genuine(self, node, request, **more)
        if isinstance(request, FetchRequest):
            versions.add(answer.API_VERSION)
        return answer

    monkeypatch.setattr(AIOKafkaClient, "send", send)
    counting = Counting(database)
    async with sending(settings) as producer, consuming(settings, database, topic, counting.take):
        await producer.send_and_wait(topic, value("a", 1), headers=headers(), partition=0)
        await eventually(lambda: _seen_is(database, "a", [1]))
    assert versions == {10}


async def test_a_group_whose_fetching_broke_off_is_told_as_not_alive(
    settings: Settings, database: Database, topic: str
) -> None:
    """As where the error of a former leader met records of the new one (`Fetcher._set_error`): nothing comes then."""
    counting = Counting(database)
    async with sending(settings) as producer, consuming(settings, database, topic, counting.take) as kafka:
        # It has its connections: what is cut while it makes one leaves it open.
        await producer.send_and_wait(topic, value("a", 1), headers=headers(), partition=0)
        await eventually(lambda: _seen_is(database, "a", [1]))
        assert kafka.alive()
        fetcher = kafka.consumers[0].get()._fetcher
        fetcher._fetch_task.cancel()
        await eventually(lambda: not kafka.alive(), within=15, what="seen by /livez")
        kafka.consumers[0].measure_lag()
        assert metrics.CONSUMER_POLL_AGE.labels(f"g-{topic}")._value.get() > 0, "though polls go on"


async def test_a_group_that_was_stopped_is_not_told_as_broken(
    settings: Settings, database: Database, topic: str
) -> None:
    async with consuming(settings, database, topic, Counting(database).take) as kafka:
        consumer = kafka.consumers[0].get()
    assert (consumer._fetcher._fetch_task.done(), broken(consumer)) == (True, False)


async def test_the_stop_of_a_process_with_a_broken_group_goes_through_for_all_groups(
    settings: Settings, database: Database, topic: str
) -> None:
    """aiokafka raised what its fetching did and left the client open; FastStream then cancelled the other stops."""
    kafka = Kafka(settings, "test", settings.instance)
    for name in ("first", "second"):
        kafka.listen(replace(listener(topic, Counting(database).take), group=f"{name}-{topic}"), database)
    kafka.start()
    await eventually(kafka.assigned, what="assigned")
    consumers = [one.get() for one in kafka.consumers]
    async with sending(settings) as producer:
        await producer.send_and_wait(topic, value("a", 1), headers=headers(), partition=0)
    cut_off(consumers[0]._fetcher)
    await eventually(lambda: bool(kafka.broken()), what="broken")
    assert kafka.broken() == {f"first-{topic}": "fetching ended: KafkaError of AssertionError"}
    with capture_logs() as logs:
        await kafka.stop()
    told = [one["event"] for one in logs]
    assert (told.count("consumer.left"), told.count("kafka.not-closed")) == (2, 0)
    assert [conn for one in consumers for conn in one._client._conns.values() if conn.connected()] == []


async def test_what_a_broken_group_left_under_way_is_waited_for_by_no_stop() -> None:
    """A broker that is gone answers it never."""
    never, ended = asyncio.create_task(asyncio.Event().wait()), asyncio.create_task(asyncio.sleep(0))
    await ended
    fetcher = SimpleNamespace(_pending_tasks={never}, _fetch_task=ended, _closed=False)
    consumer: Any = SimpleNamespace(_fetcher=fetcher)
    async with asyncio.timeout(5):
        await clear_away([None, consumer])
    assert (never.cancelled(), fetcher._pending_tasks) == (True, set())


async def test_a_poll_that_faststream_began_anew_is_no_end(
    settings: Settings, database: Database, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = Counting(database)
    async with sending(settings) as producer, consuming(settings, database, topic, counting.take) as kafka:
        subscriber = kafka._subscribers[0]
        genuine, raised = subscriber.get_msg, asyncio.Event()

        async def once(consumer: Any) -> Any:
            subscriber.get_msg = genuine
            raised.set()
            raise ZeroDivisionError

        subscriber.get_msg = once
        await raised.wait()
        await producer.send_and_wait(topic, value("a", 1), headers=headers(), partition=0)
        await eventually(lambda: _seen_is(database, "a", [1]))
        assert (any(task.done() for task in subscriber.tasks), kafka.broken(), kafka.alive()) == (True, {}, True)
