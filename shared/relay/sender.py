"""The relay's producer: rows of the outbox to Kafka in order, each acknowledged."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    KafkaError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
)

from shared.mongo import Document
from shared.relay.handover import TOO_LARGE, place_of
from shared.relay.lanes import Lane, lanes_of
from shared.relay.topics import TROUBLE, Topics, why_of
from shared.relay.traced import trace
from shared.telemetry import log

# How Kafka refuses a batch for its size: over the topic's limit, or over the size of a segment.
REFUSED = (MessageSizeTooLargeError, RecordListTooLargeError)
# What closed connections may take.
CLOSING = 3.0
MakeProducer = Callable[[], AIOKafkaProducer]


class Stuck(KafkaError):  # type: ignore[misc]  # aiokafka ships no types
    """Kafka takes these rows in no case as things are, and nothing of their streams behind them; the rest is sent."""

    def __init__(self, rows: Sequence[tuple[Document, str]]) -> None:
        """Each with the reason."""
        super().__init__("; ".join(f"{place_of(row)}: {why}" for row, why in rows[:3]))
        self.rows = rows


class Sender:
    """Sends rows in order; after a failure with a new producer, since the old one may be stuck on its numbers."""

    def __init__(self, make: MakeProducer, *, patience: float) -> None:
        self._make = make
        self._patience = patience
        self._producer: AIOKafkaProducer | None = None
        self._topics = Topics()
        self.failing = False
        """Whether something was not acknowledged the last time."""

    async def send(self, rows: Sequence[Document]) -> AsyncGenerator[Sequence[Document], None]:
        """Those that are acknowledged, as soon as they are; then raises `Stuck` for those that cannot be.

        Another failure says nothing of what is not acknowledged. TimeoutError where nothing is for so many seconds
        (`patience`), however long all of it may take.

        Of each partition one batch is on its way: a producer that Kafka does not know there yet may begin with any
        number, so that a batch would be taken though the one before it was refused.
        """
        producer = self._producer or await self._connect()
        partitions, trouble = await self._topics.find(producer, {row["topic"] for row in rows})
        lanes = lanes_of([row for row in rows if row["topic"] in partitions], partitions)
        firsts = _firsts([row for row in rows if row["topic"] in trouble])
        stuck = _stop(lanes, [(row, trouble[row["topic"]]) for row in firsts])
        while lanes := [lane for lane in lanes if lane.rows]:
            given = await self._give(lanes)
            await asyncio.wait([future for _, _, future in given], timeout=self._patience)
            outcomes = [(lane, taken, _outcome(future)) for lane, taken, future in given]
            failed = [(lane, taken, error) for lane, taken, error in outcomes if error is not None]
            self.failing = bool(failed)
            if failed:
                # What is on its way would come behind what others send since; and a producer that was refused has
                # numbered on behind what is not there: a new one begins anew.
                await self.drop()
            if acknowledged := _acknowledged(outcomes):
                yield acknowledged
            for lane, taken, error in failed:
                stuck += _stop(lanes, _stuck(lane, taken, error))
        if stuck:
            raise Stuck(stuck)

    async def _give(self, lanes: Sequence[Lane]) -> "list[tuple[Lane, list[Document], asyncio.Future[Any]]]":
        """The next batch of each lane, on its way."""
        producer = self._producer or await self._connect()
        given = []
        for lane in lanes:
            batch, taken = lane.batch(producer)
            future = asyncio.ensure_future(await producer.send_batch(batch, lane.topic, partition=lane.partition))
            for row in taken:
                trace(future, row)
            given.append((lane, taken, future))
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
                _learn_no_more(producer.client)
            with contextlib.suppress(Exception):
                await asyncio.wait_for(producer.client.close(), CLOSING)
            if task is not None:
                await asyncio.wait([task], timeout=CLOSING)


def _learn_no_more(client: Any) -> None:
    """What is on its way would wait until the metadata are renewed, and a client that is closed renews none.

    The task that sends waits in turn for that: it took up our patience, and never ended.
    """
    over = asyncio.get_running_loop().create_future()
    over.set_result(False)
    client.force_metadata_update = lambda: over
    # Who renews them is ended first: it would answer too, and nobody may do so twice.
    renewing, before = client._sync_task, client._md_update_fut  # noqa: SLF001 - nothing public lets them go
    if renewing is not None:
        renewing.cancel()
    if before is not None and not before.done():
        before.set_result(False)


def _acknowledged(outcomes: Sequence[tuple[Lane, list[Document], BaseException | None]]) -> list[Document]:
    """The rows that Kafka has, which leave their lanes; in the order of their numbers, also those of several lanes."""
    found: list[Document] = []
    for lane, taken, error in outcomes:
        if error is None:
            lane.went(taken)
            found += taken
    return sorted(found, key=place_of)


def _outcome(future: "asyncio.Future[Any]") -> BaseException | None:
    """Why a batch is not acknowledged, if so."""
    return future.exception() if future.done() else TimeoutError()


def _stuck(lane: Lane, taken: Sequence[Document], error: BaseException) -> list[tuple[Document, str]]:
    """The rows that Kafka takes in no case; raises what is wrong with more than they."""
    if isinstance(error, TROUBLE):
        return [(row, why_of(error)) for row in _firsts(lane.rows)]
    if not isinstance(error, REFUSED):
        raise error
    if len(taken) == 1:
        return [(taken[0], TOO_LARGE)]
    # A topic takes less than our batches, or than one row of them, and Kafka does not say which.
    log.warning("relay.batch-refused", rows=len(taken))
    lane.alone = True
    return []


def _firsts(rows: Sequence[Document]) -> list[Document]:
    """The first row of each stream."""
    found: dict[str, Document] = {}
    for row in rows:
        found.setdefault(place_of(row)[0], row)
    return list(found.values())


def _stop(lanes: Sequence[Lane], stuck: list[tuple[Document, str]]) -> list[tuple[Document, str]]:
    """Nothing more of these rows' streams goes; of another topic what was given with them may be there already."""
    stopped: dict[str, int] = {}
    for stream, number in (place_of(row) for row, _ in stuck):
        stopped[stream] = min(number, stopped.get(stream, number))
    for lane in lanes if stopped else ():
        lane.stop(stopped)
    return stuck
