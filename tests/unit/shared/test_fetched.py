"""What aiokafka reads of a fetch: every record that can be read, in little memory, whatever its batch unpacks to."""

import gzip
import hashlib
import tracemalloc
import zlib
from collections.abc import Sequence
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer import fetcher
from aiokafka.consumer.fetcher import FetchResult, PartitionRecords
from aiokafka.consumer.subscription_state import Assignment
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from hypothesis import given
from hypothesis import strategies as st

from shared.broker.fetched import POLLED, WHOLE, bounded, expect_any_batch
from shared.broker.streamed import FARTHEST, MANY, RECORDS, Stream, StreamedBatch
from shared.broker.unpacking import GZIP, LZ4, NONE, SNAPPY, ZSTD, part
from shared.envelope import Beginning

expect_any_batch()

PLACE = TopicPartition("t", 0)
PACKED = pytest.mark.parametrize("codec", [GZIP, SNAPPY, LZ4, ZSTD], ids=["gzip", "snappy", "lz4", "zstd"])
Headers = Sequence[tuple[str, bytes | None]]
Record = tuple[bytes | None, bytes | None, Headers]
NAMED = [("ce_id", b"1")]


def batch(codec: int, records: Sequence[Record]) -> bytes:
    """The records as a producer would send them, numbered from 0."""
    built = DefaultRecordBatchBuilder(
        magic=2, compression_type=codec, is_transactional=0, producer_id=-1, producer_epoch=-1, base_sequence=-1,
        batch_size=2_000_000_000,
    )  # fmt: skip
    for number, (key, value, headers) in enumerate(records):
        built.append(number, timestamp=1000 + number, key=key, value=value, headers=list(headers))
    return bytes(built.build())


def fetched(raw: bytes, wanted: int = 0) -> PartitionRecords:
    records = fetcher.MemoryRecords(raw)
    return PartitionRecords(PLACE, records, [], wanted, None, None, check_crcs=True, isolation_level=1)


def told(record: Any) -> tuple[Any, ...]:
    return record.offset, record.timestamp, record.key, record.value, list(record.headers)


@PACKED
def test_a_record_without_a_bound_is_told_by_its_beginning_and_takes_no_memory(codec: int):
    raw = batch(codec, [(b"k", b"before", NAMED), (b"k", bytes(50_000_000), NAMED), (b"k", b"behind", NAMED)])
    tracemalloc.start()
    before, bomb = list(fetched(raw))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (before.value, bomb.offset, bomb.key) == (b"before", 1, b"k")
    assert isinstance(bomb.value, Beginning)
    assert bomb.value.whole == {"key": 1, "value": 50_000_000, "headers": None, "sha256": None}
    assert "записи 1–2 не читаются" in bomb.value.words
    assert peak < FARTHEST


@PACKED
def test_what_lies_behind_a_bomb_is_fetched_from_there(codec: int):
    """A batch that is given up is passed whole: the fetch stands behind it, and the next batch is read."""
    raw = batch(codec, [(b"k", bytes(50_000_000), ()), (b"k", b"lost with it", ())])
    behind = bytearray(batch(NONE, [(b"k", b"behind", ())]))
    behind[7] = 2  # its base offset
    found = fetched(raw + bytes(behind))
    assert [(one.offset, len(one.value)) for one in found] == [(0, 512 * 1024), (2, 6)]
    assert found.next_fetch_offset == 3


@PACKED
def test_of_a_large_record_the_beginning_comes_with_sizes_hash_and_headers_and_those_behind_it_come_whole(codec: int):
    value = b"v" * 3_000_000
    raw = batch(codec, [(b"k" * 5_000, value, [*NAMED, ("empty", None)]), (None, b"behind", NAMED), (b"k", None, ())])
    large, *rest = fetched(raw)
    sha256 = hashlib.sha256(value).hexdigest()
    assert large.value.whole == {"key": 5_000, "value": 3_000_000, "headers": 2, "sha256": sha256}
    assert value.startswith(large.value)
    assert list(large.headers) == [*NAMED, ("empty", None)]
    assert [told(one) for one in rest] == [(1, 1001, None, b"behind", NAMED), (2, 1002, b"k", None, [])]


@pytest.mark.parametrize(
    "huge",
    [("\x01" * 2_000_000, b""), ("\x01" * 2_000_000, None), ("n", b"v" * 2_000_000), ("n" * 65_535, b"v" * 2_000_000)],
    ids=["a name", "a name without a value", "a value", "both"],
)
def test_of_a_large_record_each_header_that_is_kept_is_whole(huge: tuple[str, bytes | None]):
    first, second = fetched(batch(GZIP, [(b"k", b"v", [*NAMED, huge, ("last", b"1")]), (b"k", b"behind", NAMED)]))
    assert (first.value, list(first.headers), first.value.whole["headers"]) == (b"v", NAMED, 3)
    assert second.value == b"behind"


@PACKED
def test_a_batch_of_many_ordinary_records_is_read_whole(codec: int):
    """Three megabytes in tens of kilobytes: more than is unpacked at once, and nothing in it is large."""
    records: list[Record] = [(b"%d" % one, b"%d" % one * 300, NAMED) for one in range(3_000)]
    assert [told(one) for one in fetched(batch(codec, records))] == [
        (number, 1000 + number, key, value, NAMED) for number, (key, value, _) in enumerate(records)
    ]


def test_who_goes_on_in_the_middle_of_a_batch_reads_nothing_of_what_lies_before(monkeypatch: pytest.MonkeyPatch):
    """All of it is passed in one step, in which nothing else of the process runs: its headers would take a minute."""
    genuine, taken = Stream.take, []

    def take(self: Stream, size: int) -> bytes:
        taken.append(size)
        return genuine(self, size)

    monkeypatch.setattr(Stream, "take", take)
    headers = [("name", b"value")] * 100
    raw = batch(GZIP, [(b"key", bytes(3_000_000) if one == 5 else b"%d" % one, headers) for one in range(2_000)])
    assert told(next(fetched(raw, 1_990))) == (1_990, 2_990, b"key", b"1990", headers)
    assert len(taken) == 2 + 2 * len(headers)


def test_of_a_batch_of_very_many_records_the_rest_is_told_by_one():
    """Of a megabyte may come millions; from the same place on, wherever the reading begins."""
    raw = batch(ZSTD, [(None, b"", ())] * (RECORDS + 10))
    *read, rest = fetched(raw, RECORDS - 2)
    assert [one.offset for one in read] == [RECORDS - 2, RECORDS - 1]
    assert (rest.offset, f"записи {RECORDS}–{RECORDS + 9} не читаются" in rest.value.words) == (RECORDS, True)
    assert list(fetched(raw, RECORDS + 1)) == [], "who was told goes on behind it"


def test_java_clients_write_snappy_in_one_stream_of_blocks_and_others_one_block():
    streamed = batch(SNAPPY, [(b"k", bytes(range(256)) * 8_000, ())])[61:]
    whole = part(SNAPPY, streamed, 0, 10_000_000)
    assert streamed.startswith(b"\x82SNAPPY\x00")
    assert [part(SNAPPY, streamed, at, 100_000) for at in range(0, len(whole), 100_000)] == [
        whole[at : at + 100_000] for at in range(0, len(whole), 100_000)
    ]


class _Member:
    """One of zlib's that counts what it is given."""

    given = 0

    def __init__(self, genuine: Any) -> None:
        self._genuine = genuine

    def __getattr__(self, name: str) -> Any:
        return getattr(self._genuine, name)

    def decompress(self, packed: bytes, most: int) -> bytes:
        _Member.given += len(packed)
        found: bytes = self._genuine.decompress(packed, most)
        return found


def test_of_many_members_of_gzip_none_costs_all_that_lies_behind_it(monkeypatch: pytest.MonkeyPatch):
    """A megabyte of empty ones is no error, and zlib copies at the end of each what it was given beyond."""
    genuine = zlib.decompressobj
    monkeypatch.setattr(zlib, "decompressobj", lambda bits: _Member(genuine(bits)))
    whole = bytes(range(256)) * 1_000
    packed = gzip.compress(b"") * 2_000 + bytes(5_000) + gzip.compress(whole[:9_999]) + gzip.compress(whole[9_999:])
    assert part(GZIP, packed, 9_000, 200_000) == whole[9_000:209_000]
    assert _Member.given < 2_010 * 4_096 < len(packed) * 2_000


@pytest.mark.parametrize("block", [b"\xff\xff\xff\xff\x0f\x00", b"\x82SNAPPY\x00" + bytes(8) + b"\xff\xff\xff\xfc"])
def test_snappy_that_says_more_than_it_can_hold_is_no_snappy(block: bytes):
    with pytest.raises(ValueError, match="snappy"):
        part(SNAPPY, block, 0, 10)


@pytest.mark.parametrize("codec", [NONE, GZIP])
@pytest.mark.parametrize("value", [b"v", b"v" * WHOLE], ids=["small", "large"])
def test_of_very_many_headers_some_are_kept(codec: int, value: bytes):
    """A header of no bytes costs one byte on the wire and a hundred in memory."""
    first, second = fetched(batch(codec, [(b"k", value, [("", b"")] * (MANY + 5)), (b"k", b"behind", NAMED)]))
    assert first.value.whole["headers"] == MANY + 5
    assert first.value.whole["sha256"] == hashlib.sha256(value).hexdigest()
    assert len(first.headers) <= MANY
    assert second.value == b"behind"


@PACKED
async def test_one_poll_takes_some_of_a_batch_that_says_much_in_few_bytes(codec: int):
    values = [bytes(1_000_000)] * 20
    assignment = Assignment({PLACE})
    assignment.state_value(PLACE).reset_to(0)
    held = FetchResult(
        PLACE, assignment=assignment, partition_records=fetched(batch(codec, [(b"k", one, ()) for one in values])),
        backoff=0,
    )  # fmt: skip
    polls = []
    while held.has_more():
        with bounded():
            polls.append([record.offset for record in held.getall(500)])
            assert not held.has_more() or held.getall(500) == [], "no room is left for another partition either"
    assert [offset for poll in polls for offset in poll] == [*range(20)]
    assert max(map(len, polls)) * 1_000_000 < POLLED + 1_000_000
    assert assignment.state_value(PLACE).position == 20


@pytest.mark.parametrize(("codec", "error"), [(NONE, CorruptRecordException), (GZIP, EOFError)])
def test_a_batch_that_breaks_off_is_no_batch(codec: int, error: type[Exception]):
    raw = batch(codec, [(b"k", bytes(range(256)) * 10_000, ())])
    with pytest.raises(error):
        next(StreamedBatch(raw[:-1000]))


some = st.none() | st.binary(max_size=50)
records = st.lists(
    st.tuples(some, some, st.lists(st.tuples(st.text(max_size=5), some), max_size=4)), min_size=1, max_size=6
)


@given(records, st.sampled_from([NONE, GZIP, SNAPPY, LZ4, ZSTD]))
def test_the_reader_of_our_own_reads_what_aiokafkas_reads(written: list[Record], codec: int):
    raw = batch(codec, written)
    assert [told(one) for one in StreamedBatch(raw)] == [told(one) for one in fetched(raw)]
