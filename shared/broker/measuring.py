"""What operators are told of a batch: its size and time, what became of its records, how long they were under way."""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from shared.batch import Batch
from shared.broker.listener import Listener
from shared.broker.reading import Record
from shared.telemetry import metrics

_TIME = "ce_time"


def measure(listener: Listener, batch: Batch[object], seconds: float) -> None:
    """A batch that was stored, after so many seconds."""
    group = batch.group
    metrics.BATCH_SIZE.labels(group).observe(len(batch.records))
    metrics.BATCH_SECONDS.labels(group).observe(seconds)
    if batch.heard:
        topic = batch.heard[-1].origin.topic
        buried = len(batch.dead) - len(batch.spoiled)
        metrics.HANDLED.labels(group, topic, "ok").inc(max(0, len(batch.heard) - buried - batch.repeats))
        metrics.HANDLED.labels(group, topic, "repeat").inc(batch.repeats)
        metrics.INBOX_DUPLICATES.labels(group, topic).inc(batch.repeats)
        now = time.time()
        for name, told in extremes(batch.records, foreign=listener.foreign).items():
            for at in told:
                metrics.END_TO_END.labels(group, name).observe(max(0.0, now - at))


def extremes(records: Iterable[Record], *, foreign: bool) -> Mapping[str, Sequence[float]]:
    """When the oldest and the newest event of each topic were told (unix time); one number where they are the same.

    Only the ends of each partition's records are looked at: within it they stand in the order of being told.
    """
    edges: dict[str, list[Record]] = defaultdict(list)
    last: Record | None = None
    for record in records:
        if last is None or record.partition != last.partition or record.topic != last.topic:
            if last is not None:
                edges[last.topic].append(last)
            edges[record.topic].append(record)
        last = record
    if last is not None:
        edges[last.topic].append(last)
    times = {topic: [_told(record, foreign=foreign) for record in found] for topic, found in edges.items()}
    return {topic: sorted({min(found), max(found)}) for topic, found in times.items()}


def _told(record: Record, *, foreign: bool) -> float:
    """The event's own time, which counts its waiting in the outbox too; Kafka's where others say what they like."""
    text = None if foreign else next((content for name, content in record.headers if name == _TIME), None)
    try:
        return datetime.fromisoformat((text or b"").decode()).astimezone(UTC).timestamp()
    except (ValueError, OverflowError):
        return record.timestamp / 1000
