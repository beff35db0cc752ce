"""Rows of the outbox by the partition that they go to: of each at most one batch is on its way."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.partitioner import DefaultPartitioner

from shared.mongo import Document
from shared.relay.handover import place_of

# What keys are remembered with their partitions: the same ones come again and again.
KEYS = 20_000
_partitioner = DefaultPartitioner()


@dataclass(slots=True, eq=False)
class Lane:
    """What is left of the rows of one partition, in order; one by one, once a batch was refused."""

    topic: str
    partition: int
    rows: list[Document]
    alone: bool = False

    def batch(self, producer: AIOKafkaProducer) -> tuple[Any, list[Document]]:
        """The next batch as the producer takes it, and its rows, which stay here until they `went`."""
        made, taken = producer.create_batch(), []
        for row in self.rows[:1] if self.alone else self.rows:
            if made.append(timestamp=None, key=row["key"], value=row["value"], headers=headers_of(row)) is None:
                break
            taken.append(row)
        made.close()
        return made, taken

    def went(self, taken: Sequence[Document]) -> None:
        """These, the first ones, are acknowledged."""
        del self.rows[: len(taken)]

    def stop(self, stopped: Mapping[str, int]) -> None:
        """Leave out what is left of these streams, each from its number on."""
        self.rows = [row for row in self.rows if (place := place_of(row))[1] < stopped.get(place[0], place[1] + 1)]


def lanes_of(rows: Sequence[Document], partitions: Mapping[str, tuple[int, ...]]) -> list[Lane]:
    """The lanes of these rows; `partitions` has those of every topic among them."""
    lanes: dict[tuple[str, int], list[Document]] = defaultdict(list)
    for row in rows:
        topic = row["topic"]
        lanes[topic, _partition(_placing(row), partitions[topic])].append(row)
    return [Lane(topic, partition, found) for (topic, partition), found in lanes.items()]


def _placing(row: Document) -> bytes:
    """The key; of a row without one its stream, so that its order is kept all the same."""
    key: bytes | None = row["key"]
    return place_of(row)[0].encode() if key is None else key


@lru_cache(maxsize=KEYS)
def _partition(key: bytes, partitions: tuple[int, ...]) -> int:
    """As every client of Kafka places a key."""
    found: int = _partitioner(key, partitions, partitions)
    return found


def headers_of(row: Document) -> list[tuple[str, bytes]]:
    """The headers as Kafka takes them."""
    raw = [(name, value if value is not None else b"") for name, value in row.get("raw_headers", ())]
    return raw + [(name, text.encode()) for name, text in row["headers"].items()]
