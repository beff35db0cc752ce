"""What rules and dashboards ask for is shown by the processes of the running platform."""

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from deploy.local import SERVICES
from tests.contracts.observability.queries import queries, recorded, told
from tests.e2e.conftest import Running

PARTS = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}
# Shown from the first time on that it happens: where all is well nothing has a label yet.
RARE = {"rsoko_dead_letters_total", "rsoko_http_rate_limited_total", "rsoko_webhook_post_seconds_bucket"}


@pytest.fixture(scope="module")
def shown(running: Running) -> dict[str, set[str]]:
    """Each metric that some process declares, with the labels that its samples carry (none where it has no sample)."""
    found: dict[str, set[str]] = {}
    for service in SERVICES:
        text = httpx.get(f"{running.settings.url(service)}/metrics").raise_for_status().text
        for family in text_string_to_metric_families(text):
            for part in PARTS.get(family.type, ()):
                found.setdefault(f"{family.name}{part}", set())
            for sample in family.samples:
                found.setdefault(sample.name, set()).update(sample.labels, {"shown"})
    return found


def test_every_metric_that_is_asked_for_is_declared_by_a_process(shown: dict[str, set[str]]):
    assert told() - shown.keys() == set()


def test_every_metric_that_is_asked_for_has_figures_where_all_is_well(shown: dict[str, set[str]]):
    assert {name for name in told() if "shown" not in shown[name]} <= RARE


def test_the_labels_that_are_asked_for_are_carried(shown: dict[str, set[str]]):
    added = {"job", "instance", "service"}
    asked = [one for query in queries() for one in query.asked() if shown.get(one.metric)]

    assert [one for one in asked if one.labels - shown[one.metric] - added] == []
    assert recorded().keys().isdisjoint(shown)
