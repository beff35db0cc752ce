"""What is kept of a dead letter: all of it, or the beginning of a huge one with its true sizes and hash."""

import hashlib
from datetime import UTC, datetime
from typing import Any

import bson
import pytest

from shared.batch import Batch, Buried, RawRecord
from shared.kernel import Origin
from shared.mongo.burying import MOST, dead_copy, dead_row

AT = datetime(2022, 11, 1, tzinfo=UTC)
BATCH: Batch[Any] = Batch(group="g", dlq="g.dlq", heard=())
# What Kafka's dead-letter topics and MongoDB take.
TOPIC, DOCUMENT = 2 * 1024 * 1024, 16 * 1024 * 1024


def dead(
    key: bytes | None, value: bytes | None, headers: tuple[tuple[str, bytes | None], ...], *, source: str | None = None
) -> Buried:
    record = RawRecord(Origin("t", 0, 5), key, value, headers, 0)
    return Buried(record, "too-large", "Слишком велико", source, source)


@pytest.mark.parametrize(
    ("key", "value", "headers"),
    [
        (b"k", b"v", (("a", b"1"), ("b", None))),
        (None, b"v", ()),
        (None, None, ()),
        (b"", b"v" * (MOST - 1000), (("a", b"x" * 500),)),
    ],
    ids=["small", "without a key", "nothing", "just under the limit"],
)
def test_a_record_is_kept_whole(
    key: bytes | None, value: bytes | None, headers: tuple[tuple[str, bytes | None], ...]
) -> None:
    row, copy = dead_row(dead(key, value, headers), BATCH, AT), dead_copy(dead(key, value, headers), BATCH)
    assert (row["key"], row["value"], row["headers"]) == (key, value, [list(one) for one in headers])
    assert row["cut"] is None
    assert (copy["key"], copy["raw_headers"]) == (key, row["headers"])
    assert copy["value"] == (value if value is not None or key is not None else b"")
    assert "x-dlq-bytes" not in copy["headers"]


@pytest.mark.parametrize(
    ("key", "value", "headers"),
    [
        (b"k", b" " * 20_000_000, (("a", b"1"),)),
        (b"k" * 20_000_000, b"v", ()),
        (None, b"v", (("a", b"x" * 20_000_000), ("b", b"1"))),
        (None, b"v", (("я" * 10_000_000, None),)),
        (None, None, (("", None),) * 1_000_000),
    ],
    ids=["the value", "the key", "a header", "the name of a header", "many headers"],
)
def test_of_a_huge_record_the_beginning_is_kept_with_its_true_size_and_hash(
    key: bytes | None, value: bytes | None, headers: tuple[tuple[str, bytes | None], ...]
) -> None:
    huge = dead(key, value, headers, source="s" * 20_000_000)
    row, copy = dead_row(huge, BATCH, AT), dead_copy(huge, BATCH)
    assert row["cut"] == {
        "key": len(key or b""), "value": len(value or b""), "headers": len(headers),
        "sha256": hashlib.sha256(value or b"").hexdigest(),
    }  # fmt: skip
    assert (value or b"").startswith(row["value"] or b"")
    assert [tuple(one) for one in row["headers"]] == list(headers[: len(row["headers"])])
    assert copy["headers"]["x-dlq-bytes"] == str(len(value or b""))
    assert copy["headers"]["x-dlq-sha256"] == row["cut"]["sha256"]
    assert len(bson.encode(row)) < DOCUMENT
    assert len(bson.encode(copy)) < TOPIC
