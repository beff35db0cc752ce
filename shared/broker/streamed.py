"""The records of one batch, one by one, unpacked part by part: however much is in it, little of it is in memory."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Self

from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import _DefaultRecordBatchPy, _DefaultRecordPy
from aiokafka.structs import ConsumerRecord

from shared.broker.unpacking import part
from shared.envelope import Beginning
from shared.mongo.burying import HEADERS, KEY, MOST, VALUE

# A batch is unpacked by so much at a time, and so far at most: thirty times what a topic takes.
PART = 4 * 1024 * 1024
FARTHEST = 32 * 1024 * 1024
# A header of no bytes takes a hundred in memory: of a record with more of them only so many are kept.
MANY = 1_000
# A record of no bytes takes seven, and passing it as long as a large one: of a packed batch so many are read. No more
# of them fit into what aiokafka unpacks at once, so that nobody goes on from behind them who was not told of the rest.
RECORDS = 150_000
_MEBIBYTE = 1024 * 1024
_MORE, _BITS = 0x80, 7
_LONGEST = 63


class TooFar(Exception):
    """What is asked for lies farther in a batch than it is unpacked."""


class Stream:
    """What a batch unpacks to, read forwards."""

    def __init__(self, codec: int, packed: bytes) -> None:
        self._codec = codec
        self._packed = packed
        self._part = b""
        self._begins = self._at = 0

    @property
    def passed(self) -> int:
        """How many bytes were read."""
        return self._begins + self._at

    def pieces(self, size: int) -> Iterator[bytes]:
        """So many bytes; TooFar before the first one where not all of them are within reach."""
        if self.passed + size > FARTHEST:
            raise TooFar
        while size > 0:
            self._advance()
            piece = self._part[self._at : self._at + size]
            self._at += len(piece)
            size -= len(piece)
            yield piece

    def take(self, size: int) -> bytes:
        """So many bytes at once."""
        return b"".join(self.pieces(size))

    def skip(self, size: int) -> None:
        """Pass so many bytes."""
        for _ in self.pieces(size):
            pass

    def byte(self) -> int:
        """The next byte."""
        self._advance()
        self._at += 1
        return self._part[self._at - 1]

    def number(self) -> int:
        """A varint in zigzag."""
        found = shift = 0
        while (byte := self.byte()) & _MORE:
            found |= (byte ^ _MORE) << shift
            shift += _BITS
            if shift > _LONGEST:
                raise CorruptRecordException("a number without an end")
        found |= byte << shift
        return (found >> 1) ^ -(found & 1)

    def _advance(self) -> None:
        """Unpack the next part where this one is at its end."""
        if self._at < len(self._part):
            return
        if self.passed >= FARTHEST:
            raise TooFar
        self._begins, self._at, self._part = self.passed, 0, b""
        self._part = part(self._codec, self._packed, self._begins, PART)
        if not self._part:
            raise CorruptRecordException(f"the batch ends after {self._begins} bytes, in the middle of a record")


@dataclass(slots=True)
class _Draft:
    """As much of a record as was read."""

    offset: int
    timestamp: int
    large: bool = False
    key: bytes | None = None
    value: bytes | None = None
    headers: list[tuple[str, bytes | None]] = field(default_factory=list)
    key_size: int = 0
    value_size: int = 0
    header_count: int | None = None
    sha256: str | None = None

    def read_key(self, stream: Stream) -> None:
        if (size := stream.number()) >= 0:
            self.key_size = size
            self.key = stream.take(min(size, KEY if self.large else MOST))
            stream.skip(size - len(self.key))

    def read_value(self, stream: Stream) -> None:
        if (size := stream.number()) < 0:
            return
        self.value_size = size
        self.value = stream.take(min(size, VALUE if self.large else MOST))
        digest = hashlib.sha256(self.value) if self.large else None
        for piece in stream.pieces(size - len(self.value)):
            if digest:
                digest.update(piece)
        self.sha256 = digest.hexdigest() if digest else None

    def read_headers(self, stream: Stream) -> None:
        """Those that are kept: of a large record no more than fit, each of them whole."""
        self.header_count = stream.number()
        if self.header_count > MANY and not self.large:
            self.large, self.sha256 = True, hashlib.sha256(self.value or b"").hexdigest()
        left = HEADERS if self.large else MOST
        for _ in range(min(self.header_count, MANY)):
            if (size := stream.number()) > left:
                return
            name = stream.take(size)
            left -= size
            if (size := stream.number()) > left:
                return
            value = stream.take(size) if size >= 0 else None
            left -= max(size, 0)
            self.headers.append((name.decode("utf-8", "backslashreplace"), value))

    def begun(self, *words: str) -> Beginning:
        """What there is of the value, with what the whole record was."""
        whole = {"key": self.key_size, "value": self.value_size, "headers": self.header_count, "sha256": self.sha256}
        return Beginning(self.value or b"", whole, *words)


class StreamedBatch(_DefaultRecordBatchPy):  # type: ignore[misc]  # aiokafka ships no types
    r"""A batch that is read record by record; where the name of a header is no text, its bytes are written as `\xff`.

    Of a large record only the beginning is kept: its value is a `Beginning`. What lies behind `FARTHEST` or `RECORDS`
    is not read: one such beginning stands for all of it. What lies before the `wanted` offset is passed by its length.
    """

    def __init__(self, buffer: bytes | memoryview, wanted: int = 0) -> None:
        super().__init__(buffer)
        self._stream = Stream(self.compression_type, bytes(self._buffer[self._pos :]))
        self._wanted = wanted
        self._last = self.base_offset - 1
        self._left = self._num_records
        self._unread = max(0, self._num_records - RECORDS) if self.compression_type else 0

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Any:
        while self._left > 0:
            draft = _Draft(self._last + 1, self.first_timestamp)
            value = self._value(draft)
            self._last = draft.offset
            if draft.offset >= self._wanted:
                return _DefaultRecordPy(
                    draft.offset, draft.timestamp, self.timestamp_type, draft.key, value, draft.headers
                )
        raise StopIteration

    def _value(self, draft: _Draft) -> bytes | None:
        """Read the next record; its value, or of one that is not read whole the beginning."""
        if self._left <= self._unread:
            self._left = 0
            return draft.begun(_too_many(draft.offset, self.next_offset - 1))
        self._left -= 1
        try:
            self._read(draft)
        except TooFar:
            self._left = 0
            return draft.begun(_too_far(draft.offset, self.next_offset - 1))
        return draft.begun() if draft.large else draft.value

    def _read(self, draft: _Draft) -> None:
        stream = self._stream
        length = stream.number()
        end = stream.passed + length
        draft.large = length > MOST
        stream.byte()  # attributes, of which there are none
        since = stream.number()
        draft.timestamp = self.max_timestamp if self.timestamp_type == self.LOG_APPEND_TIME else draft.timestamp + since
        draft.offset = self.base_offset + stream.number()
        passed_by = draft.offset < self._wanted
        if not passed_by:
            draft.read_key(stream)
            draft.read_value(stream)
            draft.read_headers(stream)
        if passed_by or draft.large:
            stream.skip(end - stream.passed)
        if stream.passed != end:
            raise CorruptRecordException(f"a record of {length} bytes that is {stream.passed - end} longer")


def lightened(record: ConsumerRecord[Any, Any]) -> ConsumerRecord[Any, Any]:
    """A record of more headers than are kept, as its beginning."""
    value = record.value or b""
    whole = {
        "key": record.serialized_key_size,
        "value": len(value),
        "headers": len(record.headers),
        "sha256": hashlib.sha256(value).hexdigest(),
    }
    return replace(record, value=Beginning(value, whole), headers=record.headers[:MANY])


def _too_many(first: int, last: int) -> str:
    return f"В сжатом пакете больше {RECORDS} записей: записи {first}–{last} не читаются. Разделите его на несколько."


def _too_far(first: int, last: int) -> str:
    most = f"больше {FARTHEST // _MEBIBYTE} МиБ"
    if last > first:
        return (
            f"Сжатый пакет в распакованном виде {most}: записи {first}–{last} не читаются. Разделите его на несколько."
        )
    return f"Запись в распакованном виде {most}: разделите её на несколько событий."
