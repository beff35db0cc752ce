"""The relay's producer: rows of the outbox to Kafka in order, each acknowledged."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from itertools import chain
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, RecordListTooLargeError

from shared.mongo import Document
from shared.relay.traced import trace
from shared.telemetry import log

# More than a batch of the producer (`make_producer`): such a row goes alone.
ALONE = 256 * 1024
# How Kafka refuses a batch for its size: over the topic's limit, or over the size of a segment.
REFUSED = (MessageSizeTooLargeError, RecordListTooLargeError)
# What closed connections may take.
CLOSING = 3.0
MakeProducer = Callable[[], AIOKafkaProducer]


class TooLarge(KafkaError):  # type: ignore[misc]  # aiokafka ships no types
    """The broker, or our own producer, refuses this row for its size: sending it again would change nothing."""

    def __init__(self, row: Document, size: int) -> None:
        super().__init__(f"{size} bytes")
        self.row = row
        self.size = size


class Sender:
    """Sends rows in order; after a failure with a new producer, since the old one may be stuck on its numbers."""

    def __init__(self, make: MakeProducer, *, patience: float) -> None:
        self._make = make
        self._patience = patience
        self._producer: AIOKafkaProducer | None = None

    async def send(self, rows: Sequence[Document]) -> AsyncGenerator[Sequence[Document], None]:
        """Those that are acknowledged, as soon as they are; raises the first failure, which says nothing of the rest.

        TimeoutError where nothing is for so many seconds (`patience`), however long all of it may take.
        """
        try:
            async with asyncio.timeout(self._patience):
                await self._together(rows)
        except REFUSED:
            # A topic takes less than our batches, or than one row of them, and Kafka does not say which. A producer
            # that was refused has numbered on behind what is not there: a new one begins anew.
            log.warning("relay.batch-refused", rows=len(rows))
            await self.drop()
            producer = await self._connect()
            for row in rows:
                async with asyncio.timeout(self._patience):
                    await self._give(producer, row, most=0)
                yield [row]
        else:
            yield rows

    async def _together(self, rows: Sequence[Document]) -> None:
        producer = self._producer or await self._connect()
        sent = [await self._give(producer, row) for row in rows]
        outcomes = await asyncio.gather(*sent, return_exceptions=True)
        failures = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        if failures:
            raise next((one for one in failures if isinstance(one, REFUSED)), failures[0])

    async def _give(self, producer: AIOKafkaProducer, row: Document, *, most: int = ALONE) -> Awaitable[Any]:
        """A row of more bytes is waited for: what is behind it may not go past it where it is refused."""
        headers = _headers(row)
        size = sum(map(len, chain(*headers, (row["value"] or b"", row["key"] or b""))))
        try:
            given: asyncio.Future[Any] = await producer.send(
                row["topic"], value=row["value"], key=row["key"], headers=headers
            )
            trace(given, row)
            if size > most:
                await given
        except REFUSED:
            raise TooLarge(row, size) from None
        return given

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
