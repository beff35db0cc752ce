"""Places that stand before nothing: the ends of transactions and what was aborted are passed like records."""

import asyncio
import contextlib
from collections.abc import Collection, Mapping

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

    async def check(self, consumer: AIOKafkaConsumer, first: Mapping[TopicPartition, int]) -> None:
        """Stop where what lay between a place and the first record polled was deleted unread.

        aiokafka goes on with the oldest record that is left, in silence. In compacted topics a gap is nothing special.
        """
        places = self._positions.next
        skipped = [partition for partition, offset in first.items() if places.get(partition, offset) < offset]
        if skipped:
            begin = await consumer.beginning_offsets(skipped)
            lost = [partition for partition in skipped if begin[partition] > places.get(partition, begin[partition])]
            self._positions.forget(lost)
            await self._positions.settle(consumer, lost)

    async def look(self, consumer: AIOKafkaConsumer, polled: Collection[TopicPartition] = ()) -> None:
        """Go to where the consumer stands, except in partitions that records have just been polled from.

        Only when all that was polled before is stored or given back and no other poll is under way: then there are no
        records between a place and where the consumer stands. Where it fails, the next poll looks again, and reads the
        places that could not be read: where no record comes, nothing else would.
        """
        with contextlib.suppress(Unavailable, KafkaError):
            await self._positions.say_lost()
            await self._positions.settle_new(consumer, consumer.assignment() - {*polled})
            places = self._positions.next
            now = _standing(consumer).items()
            found = {one: (places[one], at) for one, at in now if one not in polled and places.get(one, at) < at}
            if found:
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
