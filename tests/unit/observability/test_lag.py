"""What a process tells of its lag: of the partitions that it holds, and no longer of those that went away."""

import time

import pytest
from aiokafka import TopicPartition

from shared.broker.lag import Lag
from shared.telemetry.metrics import REGISTRY

FIRST, SECOND = TopicPartition("test.lag.v1", 0), TopicPartition("test.lag.v1", 1)


def shown(metric: str, partition: TopicPartition) -> float | None:
    labels = {"group": "test-lag", "topic": partition.topic, "partition": str(partition.partition)}
    return REGISTRY.get_sample_value(f"rsoko_consumer_lag_{metric}", labels)


def test_lag_counts_records_and_the_age_of_the_last_handled_one():
    lag = Lag("test-lag")
    handled = int((time.time() - 100) * 1000)

    lag.tell({FIRST: 5, SECOND: 7}, {FIRST: handled, SECOND: handled}, {FIRST: 12, SECOND: 7}.get)

    assert (shown("records", FIRST), shown("records", SECOND)) == (7, 0)
    assert 99 < (shown("seconds", FIRST) or 0) < 110
    assert shown("seconds", SECOND) == 0


def test_a_group_that_has_handled_nothing_since_its_start_is_as_old_as_its_hold(monkeypatch: pytest.MonkeyPatch):
    """What it stands before since a restart may be as old as it likes: nobody has read it here."""
    lag, now = Lag("test-lag"), time.time()
    for later, wanted in ((0, 0), (200, 200), (400, 400)):
        monkeypatch.setattr(time, "time", lambda at=now + later: at)
        lag.tell({FIRST: 5}, {}, {FIRST: 12}.get)
        assert shown("seconds", FIRST) == wanted
    lag.tell({}, {}, {}.get)
    lag.tell({FIRST: 5}, {}, {FIRST: 12}.get)
    assert shown("seconds", FIRST) == 0, "given back and taken over again"


def test_a_partition_that_another_process_holds_now_is_told_of_no_longer():
    lag = Lag("test-lag")
    lag.tell({FIRST: 5, SECOND: 7}, {}, lambda _: 100)

    lag.tell({SECOND: 100}, {}, lambda _: 100)

    assert (shown("records", FIRST), shown("seconds", FIRST)) == (None, None)
    assert shown("records", SECOND) == 0
