"""Every query of rules and dashboards parses and means metrics, labels and recordings that there are."""

import pytest

from tests.architecture.documents import metrics
from tests.contracts.observability.queries import ADDED, SCRAPED, Asked, Query, alerts, queries, recorded, told

SUFFIXES = ("_bucket", "_sum", "_count")
# Shown by the client library in every process.
LIBRARY = {
    "process_cpu_seconds_total": set(),
    "process_resident_memory_bytes": set(),
    "process_open_fds": set(),
    "python_gc_collections_total": {"generation"},
}


def labels_of(metric: str) -> set[str] | None:
    """The labels that a metric can have, None where there is no such metric."""
    bases = [metric, *(metric.removesuffix(suffix) for suffix in SUFFIXES if metric.endswith(suffix))]
    for base in bases:
        if base in metrics():
            return {*metrics()[base]._labelnames, *SCRAPED, "le"}
    return {*LIBRARY[metric], *SCRAPED} if metric in LIBRARY else ADDED.get(metric)


def wrong(one: Asked) -> str | None:
    if one.metric in recorded():
        return None
    labels = labels_of(one.metric)
    if labels is None:
        return f"no metric {one.metric}"
    return f"{one.metric} has no label {sorted(one.labels - labels)}" if one.labels - labels else None


@pytest.mark.parametrize("query", queries(), ids=lambda query: query.where)
def test_a_query_parses_and_asks_for_what_there_is(query: Query):
    assert [trouble for one in query.asked() if (trouble := wrong(one))] == []


def test_a_wrong_query_would_be_seen():
    with pytest.raises(ValueError, match="paren"):
        Query("here", "sum(rsoko_results_total").asked()

    [unknown] = Query("here", "rate(rsoko_results_sum[5m])").asked()
    [mislabelled] = Query("here", 'rsoko_results_total{origin="x"}').asked()
    assert wrong(unknown) == "no metric rsoko_results_sum"
    assert wrong(mislabelled) == "rsoko_results_total has no label ['origin']"


def test_what_is_recorded_is_used():
    used = {one.metric for query in queries() for one in query.asked()}

    assert recorded().keys() - used == set()


def test_what_matters_to_operators_is_shown_or_alarmed():
    shown = {name.removesuffix("_bucket") for name in told()}

    assert len(alerts()) >= 20
    hidden = {name.removesuffix("_bucket") for name in metrics()} - shown - NOT_SHOWN
    assert hidden == set(), "show it: deploy/grafana/dashboards, or deploy/prometheus/rules"


# In the list of metrics, and read by people who look for something particular.
NOT_SHOWN = {"rsoko_rescoring_batch_facts"}
