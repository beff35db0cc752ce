"""The relay's producer: rows of the outbox to Kafka in order, each acknowledged."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence

from aiokafka import AIOKafkaProducer

from shared.mongo import Document

# What closed connections may take.
CLOSING = 3.0
MakeProducer = Callable[[], AIOKafkaProducer]


class Sender:
    """Sends rows in order; after a failure with a new producer, since the old one may be stuck on its numbers."""

    def __init__(self, make: MakeProducer) -> None:
        self._make = make
        self._producer: AIOKafkaProducer | None = None

    async def send(self, rows: Sequence[Document]) -> None:
        """All rows, acknowledged; raises the first failure, after which nothing is known of the rest."""
        producer = self._producer or await self._connect()
        sent = [
            await producer.send(row["topic"], value=row["value"], key=row["key"], headers=_headers(row)) for row in rows
        ]
        outcomes = await asyncio.gather(*sent, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    async def _connect(self) -> AIOKafkaProducer:
        producer = self._make()
        try:
            async with asyncio.timeout(10):
                await producer.start()
        except BaseException:
            with contextlib.suppress(Exception):
                await producer.stop()
            raise
        self._producer = producer
        return producer

    async def drop(self) -> None:
        """Give the producer up with all that it holds; the next send makes a new one.

        Its own `stop` would first wait until Kafka has taken everything; given up in the middle of that it would live
        on and send it at any later time, behind what others have sent since. What it holds stands in the outbox.
        """
        producer, self._producer = self._producer, None
        if producer is not None:
            producer._closed = True  # noqa: SLF001 - it would complain of not having been stopped
            task = producer._sender.sender_task  # noqa: SLF001 - nothing public ends it without a flush
            if task is not None:
                task.cancel()
            with contextlib.suppress(Exception):
                await asyncio.wait_for(producer.client.close(), CLOSING)
            if task is not None:
                await asyncio.wait([task], timeout=CLOSING)


def _headers(row: Document) -> list[tuple[str, bytes]]:
    raw = [(name, value if value is not None else b"") for name, value in row.get("raw_headers", ())]
    return raw + [(name, text.encode()) for name, text in row["headers"].items()]
