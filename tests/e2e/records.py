"""Records as another system would send and read them: good and bad ones for the intake topic, told events."""

import asyncio
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from tests.e2e.conftest import Running
from tests.e2e.people import FOREIGN, OWN, SOURCE

INTAKE = "monitoring.intake.v1"
REPORTED = "ru.rsoko.intake.result.reported.v1"
VALUES = {"i1": 1, "i2": 1, "i3": 0, "i4": 0}
Headers = tuple[tuple[str, bytes | None], ...]


@dataclass(frozen=True, slots=True)
class Record:
    """What is sent; `partition` where it is not left to the key."""

    key: bytes | None
    value: bytes | None
    headers: Headers
    partition: int | None = None


def attributes(**change: str | bytes | None) -> Headers:
    """The headers of a good event with some changed; an empty text takes a header away."""
    given: dict[str, str | bytes | None] = {
        "ce_specversion": "1.0",
        "ce_id": str(uuid.uuid4()),
        "ce_source": SOURCE,
        "ce_type": REPORTED,
        "content-type": "application/json",
        **change,
    }
    named = [(name.replace("content_type", "content-type"), one) for name, one in given.items() if one != ""]
    return tuple((name, one.encode() if isinstance(one, str) else one) for name, one in named)


def result(**change: Any) -> dict[str, Any]:
    """The body of a good event with some fields changed; `...` takes one away."""
    body = {
        "procedure": "vpr",
        "subject": {"municipality": OWN},
        "period": "2017",
        "values": VALUES,
        "occurred_at": "2017-12-01T09:00:00+05:00",
        **change,
    }
    return {name: value for name, value in body.items() if value is not ...}


def value(**change: Any) -> bytes:
    """The same as bytes."""
    return json.dumps(result(**change)).encode()


KEY = OWN.encode()
AGAIN = str(uuid.uuid4())
LATE = f"late-{uuid.uuid4().hex[:8]}"


def bad() -> dict[str, tuple[str, Record]]:
    """What is wrong: the code of the dead letter, the record."""
    return _unreadable() | _strange() | _unacceptable() | _structured()


def _unreadable() -> dict[str, tuple[str, Record]]:
    return {
        "random bytes": ("not-a-cloudevent", Record(None, bytes(range(256)), ())),
        "an empty value": ("empty-value", Record(KEY, b"", attributes())),
        "a null value": ("empty-value", Record(KEY, None, attributes())),
        "broken JSON": ("malformed-json", Record(KEY, b'{"procedure": ', attributes())),
        "NaN": ("not-a-number", Record(KEY, b'{"values": {"i1": NaN}}', attributes())),
        "a value not in UTF-8": ("invalid-encoding", Record(KEY, b'{"a": "\xff"}', attributes())),
        "a null header": ("not-a-cloudevent", Record(KEY, value(), attributes(ce_id=None))),
        "a header not in UTF-8": ("bad-header", Record(KEY, value(), attributes(ce_source=b"\xff\xfe"))),
    }


def _strange() -> dict[str, tuple[str, Record]]:
    return {
        "no ce_ headers": ("not-a-cloudevent", Record(KEY, value(), ())),
        "no ce_id": ("not-a-cloudevent", Record(KEY, value(), attributes(ce_id=""))),
        "no ce_source": ("not-a-cloudevent", Record(KEY, value(), attributes(ce_source=""))),
        "no ce_type": ("not-a-cloudevent", Record(KEY, value(), attributes(ce_type=""))),
        "an unknown type": ("unknown-type", Record(KEY, value(), attributes(ce_type="ru.other.thing.done.v1"))),
        "another version": ("unsupported-version", Record(KEY, value(), attributes(ce_type=f"{REPORTED[:-1]}2"))),
        "another specversion": ("unsupported-version", Record(KEY, value(), attributes(ce_specversion="0.3"))),
        "over the limit": ("too-large", Record(KEY, b" " * 65536 + value(), attributes())),
        "a key not in UTF-8": ("bad-key", Record(b"\xff\xfe", value(), attributes())),
        "a foreign key": ("foreign-key", Record(FOREIGN.encode(), value(), attributes())),
        "many megabytes of spaces": ("too-large", Record(KEY, b" " * 20_000_000, attributes())),
        "a huge key": ("too-large", Record(b"k" * 20_000_000, value(), attributes())),
        "a huge header": ("too-large", Record(KEY, value(period="1066"), attributes(x="x" * 20_000_000))),
        "a reused id": ("event-id-reused", Record(KEY, value(values={**VALUES, "i1": 0}), attributes(ce_id=AGAIN))),
    }


def _unacceptable() -> dict[str, tuple[str, Record]]:
    return {
        "an unknown period": ("unknown-period", Record(KEY, value(period="1066"), attributes())),
        "the future": ("occurred-in-future", Record(KEY, value(occurred_at="2999-01-01T00:00:00Z"), attributes())),
        "no time": ("required", Record(KEY, value(occurred_at=...), attributes())),
        "an unknown source": ("unknown-source", Record(KEY, value(period="2016"), attributes(ce_source=LATE))),
        "an unknown procedure": ("unknown-procedure", Record(KEY, value(procedure="nope"), attributes())),
        "an unknown municipality": (
            "unknown-municipality",
            Record(None, value(subject={"municipality": "nowhere"}), attributes()),
        ),
        "points over the maximum": ("out-of-range", Record(KEY, value(values={**VALUES, "i1": 3}), attributes())),
        "an unknown field": ("unknown-field", Record(KEY, value(pupil="Иванов"), attributes())),
    }


def _structured() -> dict[str, tuple[str, Record]]:
    structured = {"specversion": "1.0", "id": "s-1", "source": SOURCE, "type": REPORTED}
    cloud = (("content-type", b"application/cloudevents+json"),)
    return {
        "broken structured JSON": ("malformed-json", Record(KEY, b'{"specversion": ', cloud)),
        "half a character": ("invalid-encoding", Record(KEY, b'{"id": "\\ud800"}', cloud)),
        "deep structured JSON": ("too-deep", Record(KEY, _deep(structured), cloud)),
        "a structured list": ("not-a-cloudevent", Record(KEY, b"[]", cloud)),
        "bad base64": ("invalid-data", Record(KEY, json.dumps({**structured, "data_base64": "?"}).encode(), cloud)),
        "base64 in Russian": (
            "invalid-data",
            Record(KEY, json.dumps({**structured, "data_base64": "я"}).encode(), cloud),
        ),
        "a huge power": ("number-too-long", Record(KEY, _with_data(structured, '{"x": 1e9999999999999999999}'), cloud)),
    }


def _deep(event: dict[str, str]) -> bytes:
    return _with_data(event, "[" * 500 + "]" * 500)


def _with_data(event: dict[str, str], data: str) -> bytes:
    return f'{json.dumps(event)[:-1]}, "data": {data}}}'.encode()


def send(running: Running, records: Sequence[Record]) -> list[tuple[int, int]]:
    """Send in order; the partition and offset of each."""
    return asyncio.run(_send(running.settings.kafka_address, records))


async def _send(address: str, records: Sequence[Record]) -> list[tuple[int, int]]:
    # Packed: a topic's limit is one of packed bytes, and what is huge unpacked must be taken too.
    producer = AIOKafkaProducer(
        bootstrap_servers=address, acks="all", compression_type="gzip", max_request_size=64_000_000, linger_ms=0
    )
    await producer.start()
    try:
        sent = [
            await producer.send(
                INTAKE, key=one.key, value=one.value, headers=list(one.headers), partition=one.partition
            )
            for one in records
        ]
        told = [await one for one in sent]
    finally:
        await producer.stop()
    return [(one.partition, one.offset) for one in told]


@dataclass(frozen=True, slots=True)
class Told:
    """An event as it stands in a topic."""

    key: str
    headers: dict[str, str]
    body: dict[str, Any]


def told(running: Running, *topics: str) -> list[Told]:
    """Everything that these topics hold now."""
    return asyncio.run(_told(running.settings.kafka_address, topics))


async def _told(address: str, topics: Sequence[str]) -> list[Told]:
    consumer = AIOKafkaConsumer(*topics, bootstrap_servers=address, auto_offset_reset="earliest")
    await consumer.start()
    try:
        ends = await consumer.end_offsets(consumer.assignment())
        found: list[Told] = []
        async with asyncio.timeout(20):
            while any([await consumer.position(partition) < end for partition, end in ends.items()]):
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    found += [_opened(record) for record in records if record.value is not None]
    finally:
        await consumer.stop()
    return found


def _opened(record: Any) -> Told:
    headers = {name: content.decode() for name, content in record.headers}
    return Told(record.key.decode(), headers, json.loads(record.value))
