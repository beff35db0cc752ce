"""How aiokafka fetches for us: from who leads a partition only."""

from typing import Any

import pytest
from aiokafka.client import AIOKafkaClient
from aiokafka.protocol.fetch import FetchRequest

from shared.mongo import Database
from shared.settings import Settings
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
