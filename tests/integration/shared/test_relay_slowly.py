"""Where a topic takes no batch and each row is slow: what is acknowledged is noted, and goes once."""

import asyncio
from typing import Any

import pytest
from aiokafka.errors import MessageSizeTooLargeError

from shared.mongo import Database, InsertOne
from shared.relay import Lease, Relay
from shared.testing import eventually

# Of the test: a page takes longer than the relay waits for one acknowledgement, which is twice its lease.
LEASE, SLOW, ROWS = 2.0, 0.03, 200


class Packet(list[str]):
    """A batch: the names of its rows."""

    def append(self, **row: Any) -> Any:
        super().append(dict(row["headers"])["n"].decode())
        return self

    def close(self) -> None:
        """Nothing more comes."""


class Grudging:
    """A producer whose topic takes rows one by one: more at once are refused."""

    create_batch = Packet

    def __init__(self) -> None:
        self.acknowledged: list[str] = []
        self._sender, self.sender_task, self.client = self, None, self

    async def start(self) -> None:
        """Nothing to connect to."""

    async def close(self) -> None:
        """As above."""

    async def partitions_for(self, topic: str) -> set[int]:
        del topic
        return {0}

    async def send_batch(self, batch: Packet, topic: str, *, partition: int) -> Any:
        del topic, partition
        loop = asyncio.get_running_loop()
        given: asyncio.Future[None] = loop.create_future()
        loop.call_later(SLOW, self._answer, given, batch)
        return given

    def _answer(self, given: asyncio.Future[None], batch: Packet) -> None:
        if given.cancelled():
            return
        if len(batch) > 1:
            given.set_exception(MessageSizeTooLargeError())
        else:
            self.acknowledged += batch
            given.set_result(None)


async def test_a_page_that_goes_row_by_row_may_take_long_and_repeats_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also the lease is kept meanwhile: nobody else begins with the same page."""
    producer, genuine = Grudging(), Lease.renew
    renewed: list[int] = []

    async def renew(self: Lease) -> None:
        renewed.append(len(producer.acknowledged))
        await genuine(self)

    monkeypatch.setattr(Lease, "renew", renew)
    rows = [
        {
            "_id": {"k": f"k{one % 50:02}", "s": one // 50 + 1}, "by": "another", "at": database.mongo.clock(),
            "topic": "t", "key": b"k", "value": b"v", "headers": {"n": str(one)},
        }
        for one in range(ROWS)
    ]  # fmt: skip
    await database.write("outbox", [InsertOne(row) for row in rows])
    relay = Relay(database, owner="one", producer=lambda: producer, lease=LEASE)
    relay.start()
    try:
        await eventually(lambda: _empty(database), what="the outbox is empty")
        assert len(producer.acknowledged) == len(set(producer.acknowledged)) == ROWS
        assert [one for one in renewed if 0 < one < ROWS]
    finally:
        await relay.stop()


async def _empty(database: Database) -> bool:
    return await database.count("outbox", {}) == 0
