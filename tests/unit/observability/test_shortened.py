"""The overlay of the alarm trials: every duration a sixth, counts and shares as they are."""

import pytest

from tests.contracts.observability.queries import alerts
from tests.e2e.observability.shortened import query, shorter


def test_durations_become_a_sixth():
    assert [shorter(one) for one in ("1m", "30s", "1d", "15m")] == ["10s", "5s", "4h", "2m30s"]


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ("service:outbox_oldest_age_seconds:max > 60", "service:outbox_oldest_age_seconds:max > 10"),
        ("max(time() - a_timestamp_seconds) > 30", "max(time() - a_timestamp_seconds) > 5"),
        ("sum(increase(rsoko_x_total[10m])) > 20", "sum(increase(rsoko_x_total[1m40s])) > 20"),
        ("a:b:max - (a:b:max offset 15m) > 0", "a:b:max - (a:b:max offset 2m30s) > 0"),
        ("platform:stream_delivery_seconds:p99 > 2", "platform:stream_delivery_seconds:p99 > 2"),
    ],
)  # fmt: skip
def test_a_query_asks_about_a_shorter_time(long: str, short: str):
    assert query(long) == short


def test_the_alarms_that_are_tried_are_shortened():
    for name in ("OldestOutboxRow", "KafkaAway", "MongoDBAway"):
        assert query(alerts()[name]["expr"]) != alerts()[name]["expr"], name
