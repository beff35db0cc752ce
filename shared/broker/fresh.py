"""The records of a poll that are not handled yet: nothing before the stored place, nothing from where we have moved."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from aiokafka import TopicPartition

from shared.broker.reading import Outcome


class Fresh(NamedTuple):
    """Records with what was read in each, and how far they reach: see `Batch.reach`."""

    records: list[Any]
    outcomes: list[Outcome]
    reach: dict[str, tuple[int, int]]


def fresh(
    records: Sequence[Any],
    outcomes: Sequence[Outcome],
    places: Mapping[TopicPartition, int],
    *,
    moved: Collection[TopicPartition] = (),
) -> Fresh:
    """Those at or behind the stored places of our partitions; what comes from `moved` ones is polled again."""
    found = Fresh([], [], {})
    marks = {
        (partition.topic, partition.partition): offset for partition, offset in places.items() if partition not in moved
    }
    for record, outcome in zip(records, outcomes, strict=True):
        mark = marks.get((record.topic, record.partition))
        if mark is None or record.offset < mark:
            continue
        found.records.append(record)
        found.outcomes.append(outcome)
        name = f"{record.topic}|{record.partition}"
        found.reach[name] = (found.reach[name][0] if name in found.reach else mark, record.offset + 1)
    return found
