"""Places told to Kafka: what it refuses is counted, and the next ones are told all the same."""

from typing import Any, cast

from aiokafka import TopicPartition
from aiokafka.errors import CommitFailedError, KafkaError

from shared.broker.commits import Commits
from shared.telemetry import metrics

PLACE = TopicPartition("t", 0)


class Consumer:
    """Takes places, or refuses them."""

    def __init__(self, failure: KafkaError | None) -> None:
        self.failure = failure
        self.told: list[dict[TopicPartition, int]] = []

    def assignment(self) -> set[TopicPartition]:
        """What is held."""
        return {PLACE}

    async def commit(self, places: dict[TopicPartition, int]) -> None:
        """Note how far the group is."""
        self.told.append(places)
        if self.failure is not None:
            raise self.failure


def failures(group: str) -> Any:
    return metrics.REGISTRY.get_sample_value("rsoko_commit_failures_total", {"group": group})


async def _commit(consumer: Consumer, commits: Commits, reached: int) -> None:
    commits.note(cast("Any", consumer), {"t|0": (0, reached)})
    await commits.finish()


async def test_a_place_that_kafka_refuses_is_counted_and_the_next_one_told() -> None:
    commits = Commits("refused")
    assert failures("refused") == 0, "an alert sees the first one grow from 0"
    await _commit(Consumer(CommitFailedError()), commits, 5)
    assert failures("refused") == 1

    willing = Consumer(None)
    await _commit(willing, commits, 7)
    assert willing.told == [{PLACE: 7}]
    assert failures("refused") == 1
