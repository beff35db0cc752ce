"""The real broker keeps the contract by which the simulated one is made (`tests/unit/shared/test_simulated.py`)."""

from collections.abc import AsyncIterator

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from shared.settings import Settings
from tests.integration.shared.test_broker import sending
from tests.integration.shared.test_transactions import transacting
from tests.simulated.contract import CONTRACT


class Real:
    """Partition 0 of a topic of the test."""

    def __init__(self, settings: Settings, topic: str, plain: AIOKafkaProducer, whole: AIOKafkaProducer) -> None:
        self.topic = topic
        self.addresses = settings.kafka
        self._plain = plain
        self._whole = whole

    async def write(self, count: int) -> None:
        for _ in range(count):
            await self._plain.send_and_wait(self.topic, b"x", partition=0)

    async def begin(self, count: int) -> None:
        await self._whole.begin_transaction()
        for _ in range(count):
            await self._whole.send_and_wait(self.topic, b"x", partition=0)

    async def finish(self, *, commit: bool) -> None:
        await (self._whole.commit_transaction() if commit else self._whole.abort_transaction())

    async def delete(self, before: int) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=[*self.addresses])
        await admin.start()
        try:
            await admin.delete_records({TopicPartition(self.topic, 0): RecordsToDelete(before_offset=before)})
        finally:
            await admin.close()


@pytest.fixture
async def side(settings: Settings, topic: str) -> AsyncIterator[Real]:
    async with sending(settings) as plain, transacting(settings) as whole:
        yield Real(settings, topic, plain, whole)


@pytest.mark.parametrize("part", CONTRACT, ids=lambda part: part.__name__)
async def test_the_real_broker_keeps_to_it_that(side: Real, part: object) -> None:
    await part(side)
