"""One poll of a group; where a partition cannot be read, each by itself, until the bad one is read or halted."""

import asyncio
from itertools import chain
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import (
    ConsumerStoppedError,
    CorruptRecordException,
    KafkaError,
    NoOffsetForPartitionError,
    OffsetOutOfRangeError,
    UnsupportedCodecError,
)

from shared.broker.fetched import Room, bounded
from shared.broker.positions import Positions
from shared.telemetry import log

# What one poll waits for new records; it ends as soon as there are some.
POLL_MS = 200
# Between two polls of what has no place; seldom, so that what cannot be settled now is not tried without a pause.
REST = 0.05
# So often a record is fetched before its partition is halted: what came broken from the broker once may be whole then.
TRIES = 3


class Polling:
    """A long poll: FastStream's own sleeps after an empty one as long as it has waited, deaf to new records.

    Where one partition cannot be read, aiokafka forgets what it has just taken from the others, and a seek drops what
    it holds of them: polled together, they would never be read again. So each has a turn until all were read.
    """

    def __init__(self, positions: Positions, most: int) -> None:
        self._positions = positions
        self._most = most
        self._turns: list[TopicPartition] = []
        self._tries: dict[TopicPartition, tuple[int, int]] = {}

    async def poll(self, consumer: AIOKafkaConsumer) -> tuple[Any, ...]:
        """The next records; none where nothing came, or where what came cannot be read.

        A partition whose place Kafka does not have is halted: what was there is lost. The places of one that is not
        settled yet are Kafka's own, or none: whoever looks after an empty poll settles it.
        """
        with bounded() as room:
            try:
                return await self._polled(consumer, room)
            except OffsetOutOfRangeError as error:
                lost: dict[TopicPartition, int] = error.args[0]
                for partition in lost.keys() & self._positions.next.keys():
                    await self._positions.lose(consumer, partition, lost[partition])
            except NoOffsetForPartitionError:
                pass
            await asyncio.sleep(REST)
        return ()

    async def _polled(self, consumer: AIOKafkaConsumer, room: Room) -> tuple[Any, ...]:
        while self._turns:
            partition = self._turns.pop(0)
            if partition in consumer.assignment() - consumer.paused():
                return tuple(await self._alone(consumer, partition, room))
        try:
            polled = await consumer.getmany(timeout_ms=POLL_MS, max_records=self._most)
        except Exception as error:
            if not _unreadable(error):
                raise
            log.exception("consumer.poll-failed")
            self._positions.seek(consumer)
            self._turns = sorted(consumer.assignment())
            return ()
        return tuple(chain.from_iterable(polled.values()))

    async def _alone(self, consumer: AIOKafkaConsumer, partition: TopicPartition, room: Room) -> list[Any]:
        """What one partition has, record by record: those before a bad one are not lost with it."""
        found: list[Any] = []
        try:
            while len(found) < self._most and room.left > 0:
                wait = 0 if found else POLL_MS
                polled = await consumer.getmany(partition, timeout_ms=wait, max_records=1)
                if not polled:
                    break
                found += polled[partition]
        except Exception as error:
            if not (found or _unreadable(error)):
                raise
            if found:
                # aiokafka stands behind them, and tells the same error at the next turn.
                self._turns.append(partition)
            else:
                await self._failed(consumer, partition, error)
        return found

    async def _failed(self, consumer: AIOKafkaConsumer, partition: TopicPartition, error: Exception) -> None:
        at = await consumer.position(partition)
        before, tries = self._tries.pop(partition, (at, 0))
        tries = tries + 1 if before == at else 1
        log.error("consumer.unreadable", partition=f"{partition.topic}|{partition.partition}", at=at, error=repr(error))
        if tries < TRIES:
            self._tries[partition] = (at, tries)
            self._turns.append(partition)
        else:
            self._positions.halt(consumer, partition, f"record {at} cannot be read: {error!r}")


def _unreadable(error: Exception) -> bool:
    """Whether it is about what a record holds; the rest (rights, a stop, the network) is not of one partition."""
    if isinstance(error, CorruptRecordException | UnsupportedCodecError):
        return True
    return not isinstance(error, KafkaError | ConsumerStoppedError | OSError)
