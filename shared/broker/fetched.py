"""Makes aiokafka read what it would stumble over: names of headers that are not UTF-8, and batches without a bound.

Kafka takes any bytes for a name. aiokafka 0.14 raises UnicodeDecodeError in the middle of a fetch: what it has already
taken from that fetch is never handed out, and the same fetch fails again for ever. And it unpacks a batch whole: of two
hundred kilobytes may come as many megabytes, which kill the process again at the same record after each start. Its
reader in C cannot be told otherwise; where it fails, and only there, the rest of the fetch is read by a reader of our
own (`StreamedBatch`). Batches of the formats before headers (not in Kafka 4) never come here.
"""

import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from aiokafka.consumer import fetcher
from aiokafka.consumer.fetcher import FetchResult, PartitionRecords
from aiokafka.record.default_records import DefaultRecordBatch
from aiokafka.record.memory_records import MemoryRecords, _MemoryRecordsPy

from shared.broker.streamed import MANY, StreamedBatch, lightened
from shared.broker.unpacking import GZIP, LZ4, SNAPPY, ZSTD, part

# What aiokafka unpacks at once: as much as a topic takes of what is not packed.
WHOLE = 1024 * 1024
# About what the records of one poll take: what is polled ahead, being stored and written is of this size each.
POLLED = 2 * 1024 * 1024
# What a header takes in memory beside its text.
_HEADER = 100

_genuine = PartitionRecords.__next__


class Room:
    """How many bytes a poll may still take, from whatever partition."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = POLLED


_ROOM: ContextVar[Room | None] = ContextVar("room", default=None)


@contextmanager
def bounded() -> Iterator[Room]:
    """What is polled within takes `POLLED` bytes and one record at most, all partitions together."""
    room = Room()
    token = _ROOM.set(room)
    try:
        yield room
    finally:
        _ROOM.reset(token)


class TooMuch(Exception):
    """A batch unpacks to more than is unpacked at once."""


def expect_any_batch() -> None:
    """From now on no name of a header stops a fetch, and no batch takes the memory; doing it again changes nothing."""
    fetcher.MemoryRecords = _Fetched
    PartitionRecords.__next__ = _next
    FetchResult.getall = _getall
    reader = sys.modules[DefaultRecordBatch.__module__]
    for name, codec in (("gzip", GZIP), ("snappy", SNAPPY), ("lz4", LZ4), ("zstd", ZSTD)):
        setattr(reader, f"{name}_decode", partial(_whole, codec))


def _whole(codec: int, packed: Any) -> bytes:
    found = part(codec, bytes(packed), 0, WHOLE + 1)
    if len(found) > WHOLE:
        raise TooMuch
    return found


def _next(self: PartitionRecords) -> Any:
    try:
        record = _genuine(self)
    except (UnicodeDecodeError, TooMuch):
        # Where it stands is behind the last record that was handed out: the reader goes on from there.
        self._records = _Rest(self._records.raw, self.next_fetch_offset)
        self._records_iterator = self._unpack_records()
        record = _genuine(self)
    return record if len(record.headers) <= MANY else lightened(record)


def _getall(self: FetchResult, max_records: int | None = None) -> list[Any]:
    """What aiokafka's does, for as long as there is room: the rest of a fetch waits for the next poll."""
    room = _ROOM.get() or Room()
    if not self.check_assignment(self._topic_partition) or not self.has_more() or room.left <= 0:
        return []
    found: list[Any] = []
    for record in self._partition_records:
        found.append(record)
        room.left -= _weight(record)
        if len(found) == max_records or room.left <= 0:
            self._update_position()
            return found
    self._update_position()
    self._partition_records = None
    return found


def _weight(record: Any) -> int:
    """About how many bytes of memory a record takes."""
    told = sum(len(name) + len(value or b"") for name, value in record.headers)
    size: int = record.serialized_key_size + record.serialized_value_size
    return size + told + _HEADER * len(record.headers)


class _Fetched(MemoryRecords):  # type: ignore[misc]  # aiokafka ships no types
    """A fetch that remembers its bytes."""

    def __init__(self, raw: bytes) -> None:
        super().__init__(raw)
        self.raw = raw


class _Rest:
    """The batches of a fetch that reach behind an offset."""

    def __init__(self, raw: bytes, offset: int) -> None:
        self._batches = deque(batch for batch in _batches(raw, offset) if batch.next_offset > offset)

    def has_next(self) -> bool:
        return bool(self._batches)

    def next_batch(self) -> StreamedBatch:
        return self._batches.popleft()


def _batches(raw: bytes, offset: int) -> Iterator[StreamedBatch]:
    records = _MemoryRecordsPy(raw)
    while (piece := records._next_slice) is not None:  # noqa: SLF001 - it would make a batch of the reader in C
        records._cache_next()  # noqa: SLF001 - as above
        yield StreamedBatch(piece, offset)
