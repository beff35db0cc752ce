"""A dead letter as it is kept in the store and as it is copied to its topic: of a huge record only the beginning."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo import UpdateOne

from shared.batch import Batch, Buried, RawRecord
from shared.envelope import Beginning

Document = dict[str, Any]
# A record is kept whole up to here. It may be far larger: a topic's limit is one of compressed bytes.
MOST = 1024 * 1024
# What is kept of a larger one; every header counts for more than its text, which may be none.
KEY, HEADERS, VALUE = 4 * 1024, 64 * 1024, 512 * 1024
HEADER = 32
# What the copy says of a record that is not kept whole, by the name of its header.
_CUT = {"bytes": "value", "sha256": "sha256"}
# What was written to a letter that is settled; one that waits again has none of it.
SETTLED = ("changed_at", "redriven_by", "discarded_by", "discard_reason")
# Of texts from a record that are fields of their own.
TEXT = 1024


@dataclass(frozen=True, slots=True)
class Kept:
    """The part of a record that is kept, and what the whole was where that is less."""

    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]
    whole: Mapping[str, Any] | None = None


def kept(record: RawRecord) -> Kept:
    """The record, or its beginning with the true sizes and the hash of its value."""
    if isinstance(record.value, Beginning):
        return Kept(_cut(record.key, KEY), record.value[:VALUE], _first(record.headers), record.value.whole)
    key, value = record.key or b"", record.value or b""
    if len(key) + len(value) + sum(map(_weight, record.headers)) <= MOST:
        return Kept(record.key, record.value, record.headers)
    whole = {
        "key": len(key),
        "value": len(value),
        "headers": len(record.headers),
        "sha256": hashlib.sha256(value).hexdigest(),
    }
    return Kept(_cut(record.key, KEY), _cut(record.value, VALUE), _first(record.headers), whole)


def dead_row(dead: Buried, batch: Batch[Any], now: datetime) -> Document:
    """The dead letter as of this attempt: `cut` says what the whole was where only the beginning is kept."""
    origin, part = dead.record.origin, kept(dead.record)
    return {
        "_id": _id(batch, origin),
        "group": batch.group,
        "topic": origin.topic,
        "partition": origin.partition,
        "offset": origin.offset,
        "key": part.key,
        "value": part.value,
        "headers": [[name, value] for name, value in part.headers],
        "cut": part.whole,
        "timestamp": dead.record.timestamp,
        "code": dead.code,
        "message": dead.message,
        "errors": [dict(error) for error in dead.errors],
        "source": _short(dead.source),
        "event": _short(dead.event),
        "state": "new",
        "tried_at": now,
    }


def dead_writes(batch: Batch[Any], now: datetime) -> list[UpdateOne]:
    """How a batch's dead letters are kept, or what came of the one that was handled again, if it still waits."""
    rows = {row.pop("_id"): row for row in (dead_row(dead, batch, now) for dead in batch.dead)}
    if not batch.redriven_by:
        return [UpdateOne({"_id": letter}, _refused(row), upsert=True) for letter, row in rows.items()]
    done = {"$set": {"state": "redriven", "redriven_by": batch.redriven_by, "changed_at": now}}
    letters = [_id(batch, record) for record in batch.records]
    return [
        UpdateOne({"_id": letter, "state": "new"}, _refused(rows[letter]) if letter in rows else done)
        for letter in letters
    ]


def dead_copy(dead: Buried, batch: Batch[Any]) -> Document:
    """The copy on the dead-letter topic: the raw record or its beginning, its raw headers, and why it is there.

    Always smaller than what that topic takes (`deploy/topics.yaml`), so that it never stands in the relay's way.
    """
    origin, part = dead.record.origin, kept(dead.record)
    whole = part.whole or {}
    cut = {f"x-dlq-{name}": str(whole[told]) for name, told in _CUT.items() if whole.get(told) is not None}
    return {
        "topic": batch.dlq,
        "key": part.key,
        # A producer refuses a record with neither key nor value; it must not block the outbox.
        "value": part.value if part.value is not None or part.key is not None else b"",
        "raw_headers": [[name, value] for name, value in part.headers],
        "headers": {
            "x-dlq-group": batch.group,
            "x-dlq-code": dead.code,
            "x-dlq-topic": origin.topic,
            "x-dlq-partition": str(origin.partition),
            "x-dlq-offset": str(origin.offset),
            **cut,
        },
    }


def _id(batch: Batch[Any], place: Any) -> str:
    return f"{batch.group}|{place.topic}|{place.partition}|{place.offset}"


def _refused(row: Document) -> Document:
    """What came back from another attempt keeps the time when it came first, and waits again."""
    return {
        "$set": row,
        "$setOnInsert": {"at": row["tried_at"]},
        "$inc": {"attempts": 1},
        "$unset": dict.fromkeys(SETTLED, ""),
    }


def _weight(header: tuple[str, bytes | None]) -> int:
    return HEADER + len(header[0].encode()) + len(header[1] or b"")


def _first(headers: Sequence[tuple[str, bytes | None]]) -> list[tuple[str, bytes | None]]:
    """The first headers, each of them whole."""
    found, left = [], HEADERS
    for header in headers:
        left -= _weight(header)
        if left < 0:
            break
        found.append(header)
    return found


def _cut(raw: bytes | None, most: int) -> bytes | None:
    return raw if raw is None else raw[:most]


def _short(text: str | None) -> str | None:
    return text if text is None else text[:TEXT]
