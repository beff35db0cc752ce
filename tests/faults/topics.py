"""What stands in the topics: each is read from its beginning, a little further every time."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from shared.testing import eventually
from tests.faults.history import Raw, Violation

READ_WITHIN = 60.0


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it stands in a topic; `timestamp` in milliseconds."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    raw: Raw

    @property
    def place(self) -> tuple[int, int]:
        """Partition and offset."""
        return self.partition, self.offset

    def header(self, name: str) -> str:
        """The text of a header, empty where there is none."""
        return next((value or b"" for key, value in self.raw.headers if key == name), b"").decode("utf-8", "replace")

    def data(self) -> dict[str, Any]:
        """The JSON object of the value."""
        found: dict[str, Any] = json.loads(self.raw.value or b"{}")
        return found


class Tail:
    """Reads one topic, each record once, in the order of its partitions."""

    def __init__(self, kafka: str, topic: str) -> None:
        self.topic = topic
        self.records: list[Record] = []
        self._kafka = kafka
        self._next: dict[TopicPartition, int] = {}

    async def read(self) -> Sequence[Record]:
        """The records that came since the last time."""
        begin = len(self.records)

        async def whole() -> bool:
            try:
                await self._read()
            except (KafkaError, OSError, TimeoutError):
                return False
            return True

        await eventually(whole, within=READ_WITHIN, what=f"{self.topic} can be read")
        return self.records[begin:]

    async def partitions(self) -> int:
        """How many partitions the topic has."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self._kafka)
        await consumer.start()
        try:
            return len(await _numbers(consumer, self.topic))
        finally:
            await consumer.stop()

    async def _read(self) -> None:
        consumer = AIOKafkaConsumer(bootstrap_servers=self._kafka, auto_offset_reset="none", enable_auto_commit=False)
        await consumer.start()
        try:
            numbers = await _numbers(consumer, self.topic)
            partitions = [TopicPartition(self.topic, number) for number in numbers]
            consumer.assign(partitions)
            ends = await consumer.end_offsets(partitions)
            for partition in partitions:
                consumer.seek(partition, self._next.get(partition, 0))
            while waiting := [one for one in partitions if self._next.get(one, 0) < ends[one]]:
                self._take(await consumer.getmany(*waiting, timeout_ms=500), ends)
        finally:
            await consumer.stop()

    def _take(self, found: dict[TopicPartition, list[Any]], ends: dict[TopicPartition, int]) -> None:
        for partition, records in found.items():
            for record in records:
                if record.offset < ends[partition]:
                    raw = Raw(record.key, record.value, tuple(record.headers))
                    place = (record.partition, record.offset)
                    self.records.append(Record(self.topic, *place, timestamp=record.timestamp, raw=raw))
                    self._next[partition] = record.offset + 1


async def _numbers(consumer: AIOKafkaConsumer, topic: str) -> list[int]:
    await consumer._client._wait_on_metadata(topic)
    return sorted(consumer._client.cluster.partitions_for_topic(topic) or ())


@dataclass(slots=True)
class Streams:
    """The order of one outbox per key: first occurrences without a gap, repeats identical to them."""

    last: dict[str, int] = field(default_factory=dict)
    seen: dict[tuple[str, int], bytes] = field(default_factory=dict)
    repeats: int = 0

    def feed(self, records: Sequence[Record], *, one_key: str | None = None) -> list[Violation]:
        """Check further records of a topic; `one_key` where all of it is one stream."""
        found = []
        for record in records:
            key = one_key or (record.raw.key or b"").decode()
            text = record.header("ce_sequence")
            if not text.isdigit():
                found.append(Violation("sequence-missing", f"{record.topic} {record.place}: {text!r}"))
                continue
            found += self._one(record, key, int(text))
        return found

    def _one(self, record: Record, key: str, number: int) -> list[Violation]:
        digest = hashlib.blake2b(repr(record.raw).encode(), digest_size=16).digest()
        where = f"{record.topic} {record.place}: {key} number {number}"
        known = self.seen.setdefault((key, number), digest)
        if known != digest:
            return [Violation("sequence-changed", f"{where} was another message before")]
        last = self.last.get(key, 0)
        if number <= last:
            self.repeats += 1
            return []
        self.last[key] = number
        if number != last + 1:
            return [Violation("sequence-gap", f"{where} after {last}")]
        return []
