r"""Makes aiokafka read records with headers whose names are not UTF-8.

Kafka takes any bytes for a name. aiokafka 0.14 raises UnicodeDecodeError in the middle of a fetch: what it has already
taken from that fetch is never handed out, and the same fetch fails again for ever. Its reader in C cannot be told
otherwise; where it fails, and only there, the rest of the fetch is read by aiokafka's own reader in Python, with such
bytes written as `\xff`. Batches of the formats before headers (not in Kafka 4) never come here.
"""

from collections import deque
from collections.abc import Iterator
from typing import Any, SupportsIndex

from aiokafka.consumer import fetcher
from aiokafka.consumer.fetcher import PartitionRecords
from aiokafka.record.default_records import _DefaultRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords, _MemoryRecordsPy
from aiokafka.record.util import decode_varint_py

_genuine = PartitionRecords.__next__


def expect_any_names() -> None:
    """From now on no name of a header stops a fetch; doing it again changes nothing."""
    fetcher.MemoryRecords = _Fetched
    PartitionRecords.__next__ = _next


def _next(self: PartitionRecords) -> Any:
    try:
        return _genuine(self)
    except UnicodeDecodeError:
        # Where it stands is behind the last record that was handed out: the reader goes on from there.
        self._records = _Rest(self._records.raw, self.next_fetch_offset)
        self._records_iterator = self._unpack_records()
        return _genuine(self)


class _Fetched(MemoryRecords):  # type: ignore[misc]  # aiokafka ships no types
    """A fetch that remembers its bytes."""

    def __init__(self, raw: bytes) -> None:
        super().__init__(raw)
        self.raw = raw


class _Rest:
    """The batches of a fetch that reach behind an offset."""

    def __init__(self, raw: bytes, offset: int) -> None:
        self._batches = deque(batch for batch in _batches(raw) if batch.next_offset > offset)

    def has_next(self) -> bool:
        return bool(self._batches)

    def next_batch(self) -> "_Batch":
        return self._batches.popleft()


def _batches(raw: bytes) -> "Iterator[_Batch]":
    records = _MemoryRecordsPy(raw)
    while (piece := records._next_slice) is not None:  # noqa: SLF001 - it would make a batch of the reader in C
        records._cache_next()  # noqa: SLF001 - as above
        yield _Batch(piece)


class _Batch(_DefaultRecordBatchPy):  # type: ignore[misc]  # as above
    _buffer: bytearray

    def _maybe_uncompress(self) -> None:
        super()._maybe_uncompress()
        self._buffer = _Bytes(self._buffer)

    def _read_msg(self, *_: Any) -> Any:
        # The decoder in C takes no subclass of bytearray.
        return super()._read_msg(decode_varint_py)


class _Bytes(bytearray):
    """Bytes whose slices become text whatever they are."""

    def __getitem__(self, place: SupportsIndex | slice) -> Any:
        found = super().__getitem__(place)
        return _Bytes(found) if isinstance(found, bytearray) else found

    def decode(self, encoding: str = "utf-8", errors: str = "backslashreplace") -> str:
        return super().decode(encoding, errors)
