"""Records into a batch: each is opened by itself, so that a spoiled one spoils no other."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

from aiokafka import TopicPartition
from pydantic import ValidationError

from shared.batch import Batch, Buried, RawRecord
from shared.broker.listener import Listener, Reader
from shared.envelope import Unreadable, open_record
from shared.kernel import Heard, Origin, Refused
from shared.telemetry import log, metrics


class Record(Protocol):
    """The part of a Kafka record that we read."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]


NO_READERS: Mapping[str, Reader] = MappingProxyType({})
# The code of a record that our own bug spoiled, and what is said of it.
BUG = "failed"
FAILED = "Внутренняя ошибка обработки, см. журнал."
Reach = Mapping[str, tuple[int, int]]
# A record as an event, as a dead letter, or nothing where its type does not concern a listener.
Outcome = Heard[Any] | Buried | None


def read(listener: Listener, records: Sequence[Record], reach: Reach) -> Batch[Any]:
    """The batch of these records; what cannot be understood is in `spoiled` with its reason."""
    return gathered(listener, records, [read_one(listener, record) for record in records], reach)


def gathered(listener: Listener, records: Sequence[Any], outcomes: Iterable[Outcome], reach: Reach) -> Batch[Any]:
    """The batch of records that were read before."""
    heard: list[Heard[Any]] = []
    spoiled: list[Buried] = []
    for outcome in outcomes:
        if isinstance(outcome, Heard):
            heard.append(outcome)
        elif outcome is not None:
            spoiled.append(outcome)
    return Batch(
        group=listener.group, dlq=listener.dlq, heard=heard, spoiled=spoiled, reach=dict(reach), records=records
    )


def firsts(records: Iterable[Record]) -> dict[TopicPartition, int]:
    """The first offset of each partition in a poll, whose records come partition by partition."""
    found: dict[TopicPartition, int] = {}
    topic, partition = "", -1
    for record in records:
        if record.partition != partition or record.topic != topic:
            topic, partition = record.topic, record.partition
            found.setdefault(TopicPartition(topic, partition), record.offset)
    return found


def newest(records: Iterable[Record]) -> dict[str, int]:
    """The time (ms) of each partition's last record in a poll, by the partition's name."""
    times = {(record.topic, record.partition): record.timestamp for record in records}
    return {f"{topic}|{partition}": at for (topic, partition), at in times.items()}


def read_one(listener: Listener, record: Record) -> Outcome:
    """One record as an event, as a dead letter, or nothing where its type does not concern this listener."""
    source = event = None
    try:
        opened = open_record(record.headers, record.value)
        source, event = opened.source, opened.id
        reader = listener.readers.get(record.topic, NO_READERS).get(opened.type)
        if reader is None:
            return _unread(listener, record, opened.type, source=source, event=event)
        return Heard(
            event=reader(opened),
            id=opened.id,
            source=opened.source,
            cause=opened.cause,
            origin=Origin(record.topic, record.partition, record.offset),
            key=_key(record.key),
            sequence=opened.sequence,
            extensions=opened.extensions,
        )
    except Unreadable as error:
        return Buried(raw(record), error.code, error.message, error.source or source, error.event or event)
    except Refused as error:
        fields = tuple(
            {"pointer": e.pointer, "code": e.code, "message": e.message, "remedy": e.remedy} for e in error.errors
        )
        return Buried(raw(record), error.code, error.detail, source, event, fields)
    except ValidationError as error:
        return Buried(raw(record), "invalid-data", _words(error), source, event)
    except Exception:  # noqa: BLE001 - a bug must cost one record, not the partition
        log.exception(
            "consumer.record-failed", group=listener.group, place=f"{record.topic}|{record.partition}|{record.offset}"
        )
        return Buried(raw(record), BUG, FAILED, source, event)


def raw(record: Record) -> RawRecord:
    """The record as it came, to be kept."""
    origin = Origin(record.topic, record.partition, record.offset)
    return RawRecord(origin, record.key, record.value, tuple(record.headers), record.timestamp)


def _unread(listener: Listener, record: Record, kind: str, *, source: str, event: str) -> Buried | None:
    """A type without a reader on this topic: one of another topic is never passed over in silence."""
    elsewhere = sorted(topic for topic, readers in listener.readers.items() if kind in readers)
    if elsewhere:
        where = ", ".join(elsewhere)
        message = f"События вида {kind[:200]} принимаются только из {where}, это пришло из {record.topic}."
        return Buried(raw(record), "foreign-type", message, source, event)
    if not listener.foreign:
        metrics.HANDLED.labels(listener.group, record.topic, "ignored").inc()
        return None
    names = sorted(listener.readers.get(record.topic, NO_READERS))
    known = ", ".join(names)
    same_but_version = any(kind.rpartition(".")[0] == name.rpartition(".")[0] for name in names)
    code = "unsupported-version" if same_but_version else "unknown-type"
    return Buried(
        raw(record), code, f"Тип события {kind[:200]} здесь не принимается; принимается: {known}.", source, event
    )


def _key(key: bytes | None) -> str | None:
    if key is None:
        return None
    try:
        return key.decode()
    except UnicodeDecodeError:
        raise Unreadable("bad-key", "Ключ записи не в UTF-8: передайте его текстом.") from None


def _words(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = "/" + "/".join(str(part) for part in first["loc"])
    return f"Данные события не подходят под его тип: {place}: {first['msg']}."
