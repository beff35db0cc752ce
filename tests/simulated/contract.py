"""What aiokafka sees of a broker, asked of the simulated one and of the real one alike."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CommitFailedError, NoOffsetForPartitionError, OffsetOutOfRangeError

from shared.broker.ends import true_ends

WAIT_MS = 5000


class Side(Protocol):
    """One of both: how to write to its topic, and to reach it."""

    topic: str
    addresses: Sequence[str]

    async def write(self, count: int) -> None:
        """So many records in partition 0."""

    async def begin(self, count: int) -> None:
        """So many records in a transaction that stays open."""

    async def finish(self, *, commit: bool) -> None:
        """End it."""

    async def delete(self, before: int) -> None:
        """Delete what is older than this offset."""


async def a_seek_drops_what_is_buffered_and_a_poll_takes_no_more_than_asked(side: Side) -> None:
    """Wherever it is sought to, the next record is the one there."""
    await side.write(10)
    async with _assigned(side) as consumer:
        part = _part(side)
        with pytest.raises(NoOffsetForPartitionError):
            await consumer.getmany(timeout_ms=WAIT_MS)
        consumer.seek(part, 2)
        assert await _offsets(consumer, 3) == [2, 3, 4]
        consumer.seek(part, 1)
        assert await _offsets(consumer, 2) == [1, 2]


async def a_pause_withholds_what_is_buffered(side: Side) -> None:
    """Until it is resumed; nothing is left out."""
    await side.write(10)
    async with _assigned(side) as consumer:
        part = _part(side)
        consumer.seek(part, 0)
        assert await _offsets(consumer, 2) == [0, 1]
        consumer.pause(part)
        assert await consumer.getmany(timeout_ms=100) == {}
        consumer.resume(part)
        assert await _offsets(consumer, 2) == [2, 3]


async def of_transactions_only_what_is_committed_is_given_and_their_ends_are_passed(side: Side) -> None:
    """What is open ends the partition for who reads only what is committed."""
    part = _part(side)
    async with _assigned(side) as consumer:
        await side.write(1)
        await side.begin(2)
        assert (await consumer.end_offsets([part]), await true_ends(consumer, [part])) == ({part: 1}, {part: 3})
        await side.finish(commit=False)
        await side.begin(1)
        await side.finish(commit=True)
        consumer.seek(part, 0)
        found: list[int] = []
        while await consumer.position(part) < 6:
            found += await _offsets(consumer, 10)
        assert (found, await consumer.position(part)) == ([0, 4], 6)


async def what_is_deleted_is_out_of_range(side: Side) -> None:
    """Also the next offset but one of a log."""
    part = _part(side)
    await side.write(5)
    await side.delete(3)
    async with _assigned(side) as consumer:
        assert await consumer.beginning_offsets([part]) == {part: 3}
        for at in (2, 6):
            consumer.seek(part, at)
            with pytest.raises(OffsetOutOfRangeError) as told:
                await _offsets(consumer, 1)
            assert told.value.args[0] == {part: at}
        consumer.seek(part, 3)
        assert await _offsets(consumer, 9) == [3, 4]


async def who_is_replaced_commits_no_more_and_who_follows_begins_where_it_had_committed(side: Side) -> None:
    """A static member that starts again gets what it had."""
    part = _part(side)
    await side.write(5)
    first = _member(side)
    await first.start()
    await first.commit({one: 2 if one == part else 0 for one in first.assignment()})
    second = _member(side)
    await second.start()
    try:
        assert await _offsets(second, 2) == [2, 3]
        with pytest.raises(CommitFailedError):
            await first.commit({part: 4})
        assert await second.committed(part) == 2
    finally:
        await first.stop()
        await second.stop()


CONTRACT: list[Callable[[Side], Awaitable[None]]] = [
    a_seek_drops_what_is_buffered_and_a_poll_takes_no_more_than_asked,
    a_pause_withholds_what_is_buffered,
    of_transactions_only_what_is_committed_is_given_and_their_ends_are_passed,
    what_is_deleted_is_out_of_range,
    who_is_replaced_commits_no_more_and_who_follows_begins_where_it_had_committed,
]


def _part(side: Side) -> TopicPartition:
    return TopicPartition(side.topic, 0)


def _consumer(side: Side, *topics: str, member: str | None = None) -> AIOKafkaConsumer:
    return AIOKafkaConsumer(
        *topics,
        bootstrap_servers=[*side.addresses],
        group_id=f"g-{side.topic}",
        group_instance_id=member,
        enable_auto_commit=False,
        auto_offset_reset="none",
        isolation_level="read_committed",
    )


def _assigned(side: Side) -> AIOKafkaConsumer:
    consumer = _consumer(side)
    consumer.assign([_part(side)])
    return consumer


def _member(side: Side) -> AIOKafkaConsumer:
    return _consumer(side, side.topic, member="one")


async def _offsets(consumer: AIOKafkaConsumer, most: int) -> list[int]:
    polled = await consumer.getmany(timeout_ms=WAIT_MS, max_records=most)
    return [record.offset for records in polled.values() for record in records]
