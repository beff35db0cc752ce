"""How far behind a group is in the partitions that this process holds, told to operators."""

import time
from collections.abc import Callable, Mapping

from aiokafka import TopicPartition

from shared.telemetry import metrics


class Lag:
    """Sets the gauges of one group, and takes away those of partitions that another process tells of now."""

    def __init__(self, group: str) -> None:
        self._group = group
        self._told: set[tuple[str, str, str]] = set()
        self._since: dict[TopicPartition, float] = {}

    def tell(
        self,
        places: Mapping[TopicPartition, int],
        newest: Mapping[TopicPartition, int],
        highwater: Callable[[TopicPartition], int | None],
    ) -> None:
        """From the next record of each partition, the time of the last handled one (ms), and where the broker ends.

        Where this process has handled none, as old as its hold of the partition: a group that is stuck since its start
        must be seen too.
        """
        self._forget({self._labels(partition) for partition in places})
        now = time.time()
        self._since = {partition: self._since.get(partition, now) for partition in places}
        for partition, offset in places.items():
            behind = max(0, (highwater(partition) or offset) - offset)
            handled = newest.get(partition)
            since = handled / 1000 if handled else self._since[partition]
            age = max(0.0, now - since) if behind else 0.0
            metrics.CONSUMER_LAG.labels(*self._labels(partition)).set(behind)
            metrics.CONSUMER_LAG_SECONDS.labels(*self._labels(partition)).set(age)

    def unknown(self) -> None:
        """Kafka does not say where it ends: nothing is told, rather than what was so before."""
        self._forget(set())

    def _labels(self, partition: TopicPartition) -> tuple[str, str, str]:
        return self._group, partition.topic, str(partition.partition)

    def _forget(self, held: set[tuple[str, str, str]]) -> None:
        for labels in self._told - held:
            metrics.CONSUMER_LAG.remove(*labels)
            metrics.CONSUMER_LAG_SECONDS.remove(*labels)
        self._told = held
