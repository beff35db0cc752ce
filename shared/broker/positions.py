"""Where a group stands in each partition, kept in the store; on assignment the stored place wins, or we stop."""

import contextlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError, UnknownTopicOrPartitionError

from shared.broker.ends import true_ends
from shared.broker.fitting import Unfit, unfit
from shared.broker.identity import Identity, identity
from shared.broker.leaders import leader_of, learn_leaders
from shared.kernel import Unavailable
from shared.mongo import Database, UpdateOne
from shared.telemetry import log, metrics


def place(partition: TopicPartition) -> str:
    """How a partition is named in the store."""
    return f"{partition.topic}|{partition.partition}"


def partition_of(name: str) -> TopicPartition:
    """The partition behind its name in the store."""
    topic, _, number = name.rpartition("|")
    return TopicPartition(topic, int(number))


class Positions:
    """The next offset of each assigned partition, as this worker believes it to be stored."""

    def __init__(self, database: Database, group: str) -> None:
        self._db = database
        self._group = group
        self.next: dict[TopicPartition, int] = {}
        self.halted: dict[TopicPartition, str] = {}
        self._beginning: set[TopicPartition] = set()
        self._unsaid: dict[TopicPartition, str] = {}

    def forget(self, partitions: Sequence[TopicPartition]) -> None:
        """Another worker may go on with them."""
        for partition in partitions:
            self.next.pop(partition, None)
            self.halted.pop(partition, None)
            self._unsaid.pop(partition, None)
        metrics.CONSUMER_STOPPED.labels(self._group).set(len(self.halted))

    async def begin(self, consumer: AIOKafkaConsumer, assigned: Sequence[TopicPartition]) -> None:
        """Settle what was just assigned; who polls meanwhile does not do the same, and gets nothing of it.

        It is paused before Kafka has told its own place, so that nothing is read from there: what is read ahead of a
        place that is not known yet would be taken for the next behind the place, once it is.
        """
        consumer.pause(*assigned)
        # Of others too: a place that was read while its partition was taken away came when all had been forgotten.
        self.forget([*self.next, *self.halted, *assigned])
        self._beginning = {*assigned}
        try:
            await self.settle(consumer, assigned)
        finally:
            self._beginning = set()

    async def settle(self, consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition]) -> None:
        """Read the stored places and seek there; the first time, begin with the oldest record.

        A partition whose cluster or topic is another one than before, or whose place is out of range, is paused
        and reported (`halted`): an operator decides.
        """
        if not partitions:
            return
        who = await _identity(consumer, {partition.topic for partition in partitions})
        begin = await consumer.beginning_offsets(list(partitions))
        end = await true_ends(consumer, partitions)
        ids = [f"{self._group}|{place(partition)}" for partition in partitions]
        stored = {row["_id"]: row for row in await self._db.find("positions", {"_id": {"$in": ids}})}
        fresh = {
            key: _first(who, partition, begin[partition])
            for partition, key in zip(partitions, ids, strict=True)
            if key not in stored
        }
        # Before any record is taken from there: a batch advances only a place that is stored.
        await self._db.write(
            "positions", [UpdateOne({"_id": key}, {"$setOnInsert": row}, upsert=True) for key, row in fresh.items()]
        )
        for partition, key in zip(partitions, ids, strict=True):
            if partition not in consumer.assignment():
                continue  # taken away meanwhile
            row = (fresh | stored)[key]
            why = unfit(row, who, partition, (begin[partition], end[partition]))
            if why:
                self.halt(consumer, partition, str(why))
                # Halted it is asked for nothing, but without any place Kafka would be asked for one again and again.
                consumer.seek(partition, int(row["next"]))
            else:
                self.next[partition] = int(row["next"])
                consumer.seek(partition, int(row["next"]))
                # It was paused until now, or halted, and somebody else has gone on from there.
                consumer.resume(partition)

    async def settle_new(self, consumer: AIOKafkaConsumer, polled: Iterable[TopicPartition]) -> list[TopicPartition]:
        """Places that could not be read on assignment are read now; their records come again from there."""
        known = self.next.keys() | self.halted.keys()
        mine = [partition for partition in {*polled} - known if partition in consumer.assignment()]
        await self.settle(consumer, [partition for partition in mine if partition not in self._beginning])
        return mine

    async def go_back(self, consumer: AIOKafkaConsumer, polled: Iterable[TopicPartition]) -> None:
        """Somebody else went on from here: read the stored places again before taking more."""
        mine = [partition for partition in polled if partition in consumer.assignment()]
        log.warning("consumer.overtaken", group=self._group, partitions=[place(p) for p in mine])
        self.forget(mine)
        await self.settle(consumer, mine)

    def reach(self, places: Mapping[TopicPartition, int]) -> None:
        """What was just stored, of partitions whose place is known; one that is not settled again yet still has to be.

        It was taken away while its batch was in hand, and perhaps given back: it is paused until it is settled.
        """
        self.next.update({partition: to for partition, to in places.items() if partition in self.next})

    def seek(self, consumer: AIOKafkaConsumer) -> None:
        """Go back to our places, where a poll failed; what is stored by the time its records come is left out."""
        for partition in self.next.keys() & consumer.assignment():
            consumer.seek(partition, self.next[partition])

    def halt(self, consumer: AIOKafkaConsumer, partition: TopicPartition, why: str) -> None:
        """Read no more from a partition until an operator has decided; what is in hand of it is still stored."""
        self.halted[partition] = why
        consumer.pause(partition)
        metrics.CONSUMER_STOPPED.labels(self._group).set(len(self.halted))
        log.critical("consumer.halted", group=self._group, partition=place(partition), why=why)

    async def lose(self, consumer: AIOKafkaConsumer, partition: TopicPartition, at: int) -> None:
        """Kafka does not have the offset that it was asked for: its log is shorter than it was, or begins later.

        Halt, also after a restart: with newer records the place may fit again, behind some of them. Where the store is
        away, that is written down later (`say_lost`). Only who leads has a word on it: where another broker leads by
        now, and is not known to have lost the place too, or nobody says who leads, it is fetched again.
        """
        asked = leader_of(consumer, partition)
        told = await learn_leaders(consumer)
        span = await _span(consumer, partition) if told else None
        if partition not in consumer.assignment():
            return
        if not told or (leader_of(consumer, partition) != asked and (span is None or span[0] <= at <= span[1])):
            log.warning("consumer.asked-no-leader", group=self._group, partition=place(partition), broker=asked, at=at)
            return
        found = f"{span[0]}..{span[1]}" if span else "what Kafka has"
        self.halt(consumer, partition, str(Unfit("out-of-range", str(at), found)))
        self._unsaid[partition] = found
        with contextlib.suppress(Unavailable):
            await self.say_lost()

    async def say_lost(self) -> None:
        """Write down of which places we know that Kafka has lost them, as far as it is not."""
        for partition, found in [*self._unsaid.items()]:
            key = f"{self._group}|{place(partition)}"
            await self._db.write("positions", [UpdateOne({"_id": key}, {"$set": {"lost": found}})])
            self._unsaid.pop(partition, None)

    async def move(self, partition: TopicPartition, before: int, to: int) -> bool:
        """Write a place down anew, if it is still what it was; false where somebody else has gone on from there."""
        key = f"{self._group}|{place(partition)}"
        change = UpdateOne({"_id": key, "next": before}, {"$set": {"next": to, "at": self._db.mongo.clock()}})
        if not await self._db.write("positions", [change]):
            return False
        if self.next.get(partition) == before:
            self.next[partition] = to
        return True


async def _identity(consumer: AIOKafkaConsumer, topics: Collection[str]) -> Identity:
    """Of all these topics; raises where the broker that was asked does not know one of them (yet): others may."""
    who = await identity(consumer._client, sorted(topics))  # noqa: SLF001 - the only way to a metadata request
    if unknown := {*topics} - who.topics.keys():
        raise UnknownTopicOrPartitionError(", ".join(sorted(unknown)))
    return who


async def _span(consumer: AIOKafkaConsumer, partition: TopicPartition) -> tuple[int, int] | None:
    """Its oldest and next record, by its leader; none where Kafka does not say it now."""
    try:
        begin, end = await consumer.beginning_offsets([partition]), await true_ends(consumer, [partition])
    except KafkaError as error:
        log.warning("consumer.range-unknown", partition=place(partition), error=repr(error))
        return None
    return begin[partition], end[partition]


def _first(who: Identity, partition: TopicPartition, offset: int) -> dict[str, Any]:
    return {"next": offset, "cluster": who.cluster, "topic_id": who.topics.get(partition.topic)}
