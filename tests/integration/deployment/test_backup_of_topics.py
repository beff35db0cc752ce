"""Records for a backup while another system has a transaction open: waited for, or no backup."""

import asyncio
from typing import Any

import pytest

from deploy.backup import topics
from deploy.local import Failed
from deploy.local import Settings as LocalSettings
from shared.settings import Settings
from tests.integration.shared.test_broker import headers, sending, value
from tests.integration.shared.test_transactions import transacting


@pytest.fixture(autouse=True)
def declared(topic: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "topics", lambda: {topic: False})


async def kept(stores: LocalSettings, topic: str) -> list[Any]:
    async with topics.administered(stores.kafka_address) as admin:
        found = topics.records(admin, stores.kafka_address, {(topic, 0): 0})
        return [record["value"] async for record in found]


async def test_what_is_acknowledged_behind_an_open_transaction_is_kept(
    settings: Settings, stores: LocalSettings, topic: str
) -> None:
    async with transacting(settings) as producer, sending(settings) as plain:
        await producer.begin_transaction()
        await producer.send_and_wait(topic, value("a", 1), headers=headers(), partition=0)
        await plain.send_and_wait(topic, value("a", 2), headers=headers(), partition=0)
        keeping = asyncio.create_task(kept(stores, topic))
        done, _ = await asyncio.wait([keeping], timeout=1.5)
        assert not done, "it waits for the transaction"
        await producer.commit_transaction()
        assert await keeping == [value("a", 1), value("a", 2)]


async def test_a_transaction_that_stays_open_leaves_no_backup_and_is_named(
    settings: Settings, stores: LocalSettings, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with transacting(settings) as producer:
        await producer.begin_transaction()
        await producer.send_and_wait(topic, value("a", 1), headers=headers(), partition=0)
        with monkeypatch.context() as hasty:
            hasty.setattr(topics, "OPEN_SECONDS", 0.3)
            with pytest.raises(Failed, match=rf"{topic}, раздел 0"):
                await kept(stores, topic)
        # Answered before the end of the transaction stands in the topic.
        await producer.abort_transaction()
        assert await kept(stores, topic) == []
