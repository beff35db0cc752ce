"""How long events were under way: from their own time on, so that waiting in the outbox counts, and the oldest too."""

import time
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import Histogram

from shared.broker.listener import Listener
from shared.broker.measuring import extremes, measure
from shared.broker.reading import read
from shared.envelope import Opened
from shared.telemetry import metrics

# A busy machine takes seconds from making a record to measuring it.
BUSY = 6.0


def record(offset: int, *, ago: float, fetched: float = 0.0, topic: str = "t", partition: int = 0) -> Any:
    now = time.time()
    told = {
        "ce_specversion": "1.0",
        "ce_id": f"{topic}-{partition}-{offset}",
        "ce_source": "test",
        "ce_type": "toy",
        "ce_time": datetime.fromtimestamp(now - ago, UTC).isoformat(),
    }
    return SimpleNamespace(
        topic=topic,
        partition=partition,
        offset=offset,
        timestamp=int((now - fetched) * 1000),
        key=None,
        value=b"1",
        headers=[(name, text.encode()) for name, text in told.items()],
    )


def number(opened: Opened) -> int:
    return int(opened.data)


async def nothing(batch: Any) -> None:
    del batch


def measured(group: str, records: list[Any], *, foreign: bool = False) -> dict[str, tuple[float, float]]:
    """By topic: how many times were observed, and their sum."""
    listener = Listener(group, {"t": {"toy": number}, "u": {"toy": number}}, nothing, "dlq", foreign=foreign)
    measure(listener, read(listener, records, {}), 0.1)
    found = {}
    for topic in ("t", "u"):
        child: Histogram = metrics.END_TO_END.labels(group, topic)
        values = {name: value for name, _, value, *_ in child._child_samples() if name in {"_count", "_sum"}}
        found[topic] = (values["_count"], values["_sum"])
    return found


def test_an_event_that_waited_in_the_outbox_was_under_way_for_as_long():
    """Kafka got it this moment: its own timestamp says nothing of the wait."""
    assert measured("waited", [record(0, ago=40)])["t"] == (1, pytest.approx(40, abs=BUSY))


def test_the_oldest_of_a_batch_counts_beside_its_newest_for_each_topic():
    batch = [
        record(0, ago=40),
        record(1, ago=30),
        record(2, ago=20),
        record(7, ago=100, partition=1),
        record(8, ago=5, partition=1),
        record(3, ago=7, topic="u"),
    ]
    assert measured("oldest", batch) == {
        "t": (2, pytest.approx(105, abs=2 * BUSY)),
        "u": (1, pytest.approx(7, abs=BUSY)),
    }


def test_events_of_others_count_from_when_kafka_got_them():
    """They may tell of last year, and their clock may be wrong."""
    assert measured("others", [record(0, ago=86_400, fetched=3)], foreign=True)["t"] == (1, pytest.approx(3, abs=BUSY))


@pytest.mark.parametrize("text", [b"", b"yesterday", b"\xff", b"9999-12-31T23:59:59-12:00"])
def test_a_time_that_is_none_is_that_of_kafka(text: bytes):
    spoiled = record(0, ago=40, fetched=3)
    spoiled.headers = [(name, value if name != "ce_time" else text) for name, value in spoiled.headers]
    assert extremes([spoiled], foreign=False) == {"t": [spoiled.timestamp / 1000]}


def test_of_no_records_nothing_is_told():
    assert extremes([], foreign=False) == {}
