"""Places that stand before nothing: the ends of transactions and what was aborted are passed like records."""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from shared.broker.ahead import Ahead, Polled
from shared.broker.commits import Commits
from shared.broker.positions import Positions, place
from shared.kernel import Unavailable


class Gaps:
    """Moves the stored places over what Kafka has numbered and never hands out.

    Left before it a place would lag by one for ever, and be out of range once Kafka deletes that part of the topic.
    """

    def __init__(self, positions: Positions, commits: Commits, ahead: Ahead, busy: asyncio.Lock) -> None:
        self._positions = positions
        self._commits = commits
        self._ahead = ahead
        self._busy = busy

    async def next(self, consumer: AIOKafkaConsumer) -> Polled:
        """The next poll; one that brings nothing is an occasion to look."""
        polled = await self._ahead.next(consumer)
        if not polled:
            async with self._busy:
                await self.look(consumer)
        return polled

    async def look(self, consumer: AIOKafkaConsumer, records: Sequence[Any] = ()) -> None:
        """Go to where the consumer stands, except in partitions that these records, just polled, come from.

        Only when all that was polled before is stored or given back and no other poll is under way: then there are no
        records between a place and where the consumer stands. Where it fails, the next poll looks again.
        """
        but = {TopicPartition(record.topic, record.partition) for record in records}
        places = self._positions.next
        now = _standing(consumer).items()
        found = {one: (places[one], at) for one, at in now if one not in but and places.get(one, at) < at}
        if found:
            with contextlib.suppress(Unavailable, KafkaError):
                await self._pass(consumer, found)

    async def _pass(self, consumer: AIOKafkaConsumer, found: dict[TopicPartition, tuple[int, int]]) -> None:
        begin = await consumer.beginning_offsets(list(found))
        for partition, (before, at) in found.items():
            # What is deleted may have been records: nobody knows any more, so that the place is not moved over it.
            if begin[partition] <= before and await self._positions.move(partition, before, at):
                self._commits.note(consumer, {place(partition): (before, at)})
            elif partition in consumer.assignment():
                self._positions.forget([partition])
                await self._positions.settle(consumer, [partition])


def _standing(consumer: AIOKafkaConsumer) -> dict[TopicPartition, int]:
    """The next offset of each partition, as of now: what aiokafka's `position` says may be of a moment later."""
    assignment = consumer._subscription.subscription.assignment  # noqa: SLF001 - there is no other way
    states = {partition: assignment.state_value(partition) for partition in assignment.tps} if assignment else {}
    return {partition: state.position for partition, state in states.items() if state.has_valid_position}
