"""How aiokafka fetches for us: from who leads a partition only, and where it ends by itself the process is not well."""

import asyncio
from typing import Any

import pytest
from aiokafka.client import AIOKafkaClient
from aiokafka.protocol.fetch import FetchRequest

from shared.mongo import Database
from shared.settings import Settings
from shared.telemetry import metrics
from shared.testing import eventually
from tests.integration.shared.test_broker import Counting, _seen_is, consuming, headers, sending, value


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
        # aiokafka's own end would break off here where its fetching did, and leave its client open.
        fetcher._fetch_task = asyncio.create_task(fetcher._fetch_requests_routine())


async def test_a_group_that_was_stopped_is_not_told_as_broken(
    settings: Settings, database: Database, topic: str
) -> None:
    async with consuming(settings, database, topic, Counting(database).take) as kafka:
        consumer = kafka.consumers[0].get()
    kafka.consumers[0].get = lambda: consumer
    assert (consumer._fetcher._fetch_task.done(), kafka.consumers[0].broken()) == (True, False)
