"""Faults on the running platform make the right alert fire, no unrelated one, and it ends when the fault does."""

from collections.abc import Iterator
from contextlib import contextmanager
from signal import SIGCONT, SIGSTOP
from typing import Any

import pytest

from deploy.local import STORED
from tests.e2e.conftest import Running, until
from tests.e2e.observability.conftest import Prometheus
from tests.e2e.people import FOREIGN

# What follows from a fault, sooner or later, and may be told beside it: results that wait are not scored and come late;
# a listener in the middle of a batch gives MongoDB 20 s an attempt, which is more than a sixth of a minute.
# Slow events are told minutes after: those of one fault may come while the next one is judged.
FOLLOWING = {
    "kafka": {"ResultsNotScored", "EventsSlow", "ConsumerLag", "ConsumerCutOff"},
    "mongodb": {"ConsumerNotPolling", "ConsumerLag", "EventsSlow"},
    "roadmap": {"ConsumerLag", "EventsSlow"},
}


@contextmanager
def halted(running: Running, name: str) -> Iterator[None]:
    """A process that neither answers nor ends."""
    running.platform.signal(name, SIGSTOP)
    try:
        yield
    finally:
        running.platform.signal(name, SIGCONT)


def revise(running: Running, times: int) -> None:
    """Post quiet corrections of one result that end where they began (an even number of them)."""
    path = f"/v1/results?municipality={FOREIGN}&period=2022&limit=1"
    result: dict[str, Any] = running.tell("operator", "GET", "monitoring", path)["items"][0]
    revision = result["revision"]
    for turn in range(times):
        values = dict.fromkeys(result["values"], "0") if turn % 2 == 0 else result["values"]
        told = running.tell(
            "operator", "POST", "monitoring", f"/v1/results/{result['id']}/revisions",
            json={"values": values, "reason": "Проверка тревог", "notify": False},
            headers={"If-Match": f'"{revision}"'},
        )  # fmt: skip
        revision = told["revision"]


def fired(prometheus: Prometheus) -> set[str]:
    """All that fired since this Prometheus started."""
    rows = prometheus.ask('count by (alertname) (count_over_time(ALERTS{alertstate="firing"}[1h]))')
    return {row["metric"]["alertname"] for row in rows}


def told(prometheus: Prometheus, fault: str) -> set[tuple[str, str]]:
    """What fires now and does not merely follow."""
    return {alert for alert in prometheus.firing() if alert[0] not in FOLLOWING[fault]}


def test_results_posted_without_kafka_make_the_oldest_row_alarm(running: Running, prometheus: Prometheus):
    until(lambda: not prometheus.firing(), within=90, what="quiet")

    with halted(running, "kafka"):
        revise(running, 6)
        until(lambda: ("OldestOutboxRow", "monitoring") in prometheus.firing(), within=90, what="the alert")
        assert told(prometheus, "kafka") == {("OldestOutboxRow", "monitoring")}

    until(lambda: not prometheus.firing(), within=90, what="the end of the alert")
    assert fired(prometheus) - FOLLOWING["kafka"] == {"OldestOutboxRow"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("roadmap", {("ProcessDown", "roadmap")}),
        ("mongodb", {("MongoDBAway", name) for name in STORED}),
    ],
)
def test_a_part_that_is_gone_is_told_by_its_own_alert(
    running: Running, prometheus: Prometheus, name: str, expected: set[tuple[str, str]]
):
    until(lambda: not prometheus.firing(), within=90, what="quiet")

    with halted(running, name):
        until(lambda: prometheus.firing() >= expected, within=90, what=str(expected))
        assert told(prometheus, name) == expected

    until(lambda: not prometheus.firing(), within=90, what="the end of the alert")
