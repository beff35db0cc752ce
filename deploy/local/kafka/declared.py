"""The topics as `deploy/topics.yaml` declares them: partitions, replicas and the settings that we hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

DECLARED = Path(__file__).resolve().parents[2] / "topics.yaml"
DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic as declared: partitions, replicas and the settings of the broker that we hold."""

    name: str
    partitions: int
    replication: int
    config: dict[str, str]


def declared(path: Path = DECLARED, *, brokers: int) -> list[Topic]:
    """Read the declaration; replicas no more than there are brokers."""
    raw = yaml.safe_load(path.read_text())
    return [_topic(name, {**raw["defaults"], **own}, brokers) for name, own in raw["topics"].items()]


def _topic(name: str, raw: dict[str, Any], brokers: int) -> Topic:
    replication = min(raw["replication"], brokers)
    compacted = raw["cleanup_policy"] == "compact"
    config = {
        "cleanup.policy": raw["cleanup_policy"],
        "retention.ms": "-1" if compacted else str(raw["retention_days"] * DAY_MS),
        # What is old is what has lain here long: a sender may tell of last year, or have a wrong clock.
        "message.timestamp.type": "LogAppendTime",
        "max.message.bytes": str(raw["max_message_bytes"]),
        "min.insync.replicas": str(min(raw["min_insync_replicas"], replication)),
    }
    return Topic(name=name, partitions=raw["partitions"], replication=replication, config=config)
