"""Whether a stored place fits what the broker has: the same cluster, the same topic, within its records."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from aiokafka import TopicPartition

from shared.broker.identity import Identity

Reason = Literal["other-cluster", "other-topic", "out-of-range"]


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why a partition is halted: what the store says and what the broker says (a range as `0..5`)."""

    reason: Reason
    stored: str
    found: str

    def __str__(self) -> str:
        if self.reason == "other-cluster":
            return f"cluster is {self.found}, the stored place is of {self.stored}"
        if self.reason == "other-topic":
            return f"topic id is {self.found}, the stored place is of {self.stored}"
        return f"stored place {self.stored} is outside {self.found}"


def unfit(row: Mapping[str, Any], who: Identity, partition: TopicPartition, span: tuple[int, int]) -> Unfit | None:
    """Why this stored place must not be gone on from; none where it fits. `span` is oldest and next record.

    `lost`, where the row has it, is the range that did not have the place when it was read from (`Positions.lose`).
    """
    topic = who.topics.get(partition.topic)
    if row["cluster"] != who.cluster:
        return Unfit("other-cluster", str(row["cluster"]), who.cluster)
    if row["topic_id"] != topic:
        return Unfit("other-topic", str(row["topic_id"]), str(topic))
    if not span[0] <= int(row["next"]) <= span[1]:
        return Unfit("out-of-range", str(row["next"]), f"{span[0]}..{span[1]}")
    if lost := row.get("lost"):
        return Unfit("out-of-range", str(row["next"]), lost)
    return None
