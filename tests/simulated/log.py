"""The log of one partition as a broker keeps it: batches of bytes with numbers, transactions, compaction, deletion."""

import struct
from dataclasses import dataclass, field

from aiokafka.record.default_records import DefaultRecordBatchBuilder, _DefaultRecordBatchBuilderPy

_TRANSACTIONAL, _CONTROL = 0x10, 0x20
_ABORT, _COMMIT = struct.pack(">hh", 0, 0), struct.pack(">hh", 0, 1)
Headers = list[tuple[str, bytes | None]]


class _Builder(_DefaultRecordBatchBuilderPy):
    """Writes the markers of transactions too, and what compaction leaves, as a broker does."""

    control = False

    def _get_attributes(self, include_compression_type: bool = True) -> int:  # noqa: FBT001, FBT002 - aiokafka's
        found: int = super()._get_attributes(include_compression_type)
        return found | (_CONTROL if self.control else 0)


@dataclass(slots=True)
class Stored:
    """A batch of a log: where it begins and ends, what it holds, and who wrote it in which transaction."""

    base: int
    end: int
    records: dict[int, bytes]
    producer: int = -1
    control: bytes | None = None
    raw: bytes = b""


@dataclass(slots=True)
class Log:
    """One partition; `begin` is its oldest offset, `end` the next one."""

    headers: Headers
    begin: int = 0
    end: int = 0
    batches: list[Stored] = field(default_factory=list)
    open: dict[int, int] = field(default_factory=dict)
    """Where each transaction began that has not ended, by its producer."""
    aborted: list[tuple[int, int, int]] = field(default_factory=list)
    """Producer, beginning and end of each transaction that was given up."""

    @property
    def stable(self) -> int:
        """How far a reader of what is committed may read."""
        return min([self.end, *self.open.values()])

    def append(self, values: list[bytes], *, producer: int = -1) -> None:
        """Write records as one batch, in a transaction of this producer where one is given."""
        if producer >= 0:
            self.open.setdefault(producer, self.end)
        self._add(Stored(self.end, self.end + len(values), dict(enumerate(values, self.end)), producer))

    def finish(self, producer: int, *, commit: bool) -> None:
        """End a transaction; its marker takes a number, and no reader is ever given it."""
        began = self.open.pop(producer)
        if not commit:
            self.aborted.append((producer, began, self.end))
        self._add(Stored(self.end, self.end + 1, {}, producer, _COMMIT if commit else _ABORT))

    def compact(self, offset: int) -> None:
        """Take one record out; its number stays taken. The last of the log is never taken out."""
        for batch in self.batches[:-1]:
            if batch.records.pop(offset, None) is not None:
                batch.raw = b""
        self.batches = [one for one in self.batches if one.records or one.control is not None]

    def delete(self, before: int) -> None:
        """What is older than this is gone, as retention or somebody who deletes records does it."""
        self.begin = max(self.begin, min(before, self.end))
        self.batches = [one for one in self.batches if one.end > self.begin]

    def visible(self, begin: int, end: int) -> list[int]:
        """The records from here to there that a reader of what is committed is given."""
        left = [range(began, ended) for _, began, ended in self.aborted]
        given = [one for one in self.batches if one.producer < 0 or not any(one.base in part for part in left)]
        return [at for one in given for at in one.records if max(begin, self.begin) <= at < min(end, self.stable)]

    def fetch(self, offset: int, most: int) -> tuple[bytes, list[tuple[int, int]]]:
        """Up to so many batches, the first of which holds this offset, and the transactions in them to be left out."""
        found = [one for one in self.batches if one.end > offset and one.base < self.stable][:most]
        if not found:
            return b"", []
        aborted = [(who, began) for who, began, ended in self.aborted if ended >= offset and began < found[-1].end]
        return b"".join(self._raw(one) for one in found), aborted

    def _add(self, batch: Stored) -> None:
        self.batches.append(batch)
        self.end = batch.end

    def _raw(self, batch: Stored) -> bytes:
        if not batch.raw:
            batch.raw = _encoded(batch, self.headers)
        return batch.raw


def _encoded(batch: Stored, headers: Headers) -> bytes:
    transactional = batch.producer >= 0
    whole = batch.end - batch.base == len(batch.records)
    maker = DefaultRecordBatchBuilder if whole else _Builder
    builder = maker(2, 0, int(transactional), batch.producer, 0 if transactional else -1, 0, 1 << 20)
    if batch.control:
        builder.control = True
        builder.append(0, 0, batch.control, struct.pack(">hi", 0, 0), [])
    for offset, value in batch.records.items():
        builder.append(offset - batch.base, 0, None, value, headers)
    if not whole:
        # Of what was taken out the batch still says that it was there.
        builder._last_offset = batch.end - batch.base - 1
    return struct.pack(">q", batch.base) + bytes(builder.build())[8:]
