"""Every metric that is not one service's own business, declared once; labels are bounded sets."""

from platform import python_version

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from shared.version import VERSION

REGISTRY = CollectorRegistry(auto_describe=True)
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)
GCCollector(registry=REGISTRY)

_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_PLACE = ("group", "topic", "partition")

# Consumers. `group` is a consumer group (one per service), topics and partitions are the provisioned ones.
CONSUMER_LAG = Gauge(
    "rsoko_consumer_lag_records",
    "Records between the handled position and the end; absent while Kafka has not answered for a minute.",
    _PLACE,
    registry=REGISTRY,
)
CONSUMER_LAG_SECONDS = Gauge(
    "rsoko_consumer_lag_seconds",
    "Age of the last handled record, or of this process's hold of the partition where it handled none; 0 at the end."
    " Absent while Kafka has not answered for a minute.",
    _PLACE,
    registry=REGISTRY,
)
CONSUMER_POLL_AGE = Gauge(
    "rsoko_consumer_last_poll_age_seconds",
    "Seconds since the last poll ended or a batch was tried; 0 while one waits for records."
    " Where fetching broke off, polls do not count.",
    ("group",),
    registry=REGISTRY,
)
CONSUMER_SILENCE = Gauge(
    "rsoko_consumer_kafka_silence_seconds",
    "Seconds since Kafka last answered this process's consumer; it is asked every 30. Lag is absent after a minute.",
    ("group",),
    registry=REGISTRY,
)
CONSUMER_PARTITIONS = Gauge(
    "rsoko_consumer_assigned_partitions", "Partitions that this process holds.", ("group",), registry=REGISTRY
)
CONSUMER_STOPPED = Gauge(
    "rsoko_consumer_stopped",
    "Partitions that are halted: their place does not fit, or what stands there cannot be read.",
    ("group",),
    registry=REGISTRY,
)
REBALANCES = Counter("rsoko_rebalances", "Rebalances seen by this process.", ("group",), registry=REGISTRY)
HANDLED = Counter(
    "rsoko_handled_events",
    "Records by outcome: ok, repeat, ignored, refused, failed, retried.",
    ("group", "topic", "outcome"),
    registry=REGISTRY,
)
COMMIT_FAILURES = Counter(
    "rsoko_commit_failures",
    "Places that Kafka did not take; the stored ones hold anyway.",
    ("group",),
    registry=REGISTRY,
)
DEAD_LETTERS = Counter(
    "rsoko_dead_letters",
    "Records that became dead letters, by stable code.",
    ("group", "topic", "reason"),
    registry=REGISTRY,
)
DEAD_LETTERS_OPEN = Gauge(
    "rsoko_dead_letters_open", "Dead letters neither discarded nor redriven.", ("group",), registry=REGISTRY
)
INBOX_DUPLICATES = Counter(
    "rsoko_inbox_duplicates", "Repeats that changed nothing.", ("group", "topic"), registry=REGISTRY
)
END_TO_END = Histogram(
    "rsoko_event_end_to_end_seconds",
    "From the event's time (`ce_time`; of events of others: from when Kafka got it) to its being handled.",
    ("group", "topic"),
    buckets=(*_FAST, 30.0, 60.0, 300.0),
    registry=REGISTRY,
)
BATCH_SIZE = Histogram(
    "rsoko_batch_records",
    "Records of one poll, handled in one transaction.",
    ("group",),
    buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000),
    registry=REGISTRY,
)
BATCH_SECONDS = Histogram(
    "rsoko_batch_seconds",
    "Handling of one batch with its transaction.",
    ("group",),
    buckets=_FAST,
    registry=REGISTRY,
)

# Outbox and relay, one per service.
OUTBOX_DEPTH = Gauge(
    "rsoko_outbox_unpublished", "Rows not yet published, or within the last second.", ("service",), registry=REGISTRY
)
OUTBOX_AGE = Gauge(
    "rsoko_outbox_oldest_unpublished_age_seconds",
    "Age of the oldest of them.",
    ("service",),
    registry=REGISTRY,
)
OUTBOX_PUBLISHED = Counter("rsoko_outbox_published", "Rows published.", ("service", "topic"), registry=REGISTRY)
RELAY_LEADER = Gauge("rsoko_outbox_relay_is_leader", "1 where this process relays.", ("service",), registry=REGISTRY)
RELAY_EPOCH = Gauge("rsoko_outbox_lease_epoch", "Epoch of the relay's lease.", ("service",), registry=REGISTRY)

# HTTP, by the template of the route, never by its path.
HTTP_REQUESTS = Counter(
    "rsoko_http_requests", "Answers by status.", ("service", "method", "route", "status"), registry=REGISTRY
)
HTTP_SECONDS = Histogram(
    "rsoko_http_request_seconds",
    "Time to the last byte of an answer.",
    ("service", "method", "route"),
    buckets=_FAST,
    registry=REGISTRY,
)
HTTP_LIMITED = Counter("rsoko_http_rate_limited", "Requests over the client's rate.", ("service",), registry=REGISTRY)

# The process.
LOOP_LAG = Gauge("rsoko_event_loop_lag_seconds", "How late the event loop woke a timer.", registry=REGISTRY)
STORE_ANSWERED = Gauge(
    "rsoko_store_answered_timestamp_seconds",
    "When MongoDB last answered this process (unix time); before it did, when the process began.",
    ("service",),
    registry=REGISTRY,
)
UP_SINCE = Gauge("rsoko_started_timestamp_seconds", "When the process was ready first.", registry=REGISTRY)
BUILD = Gauge(
    "rsoko_build_info",
    "1; the labels say what runs.",
    ("service", "instance", "version", "python"),
    registry=REGISTRY,
)


def tell_build(*, service: str, instance: str) -> None:
    """Say which version runs where."""
    BUILD.labels(service, instance, VERSION, python_version()).set(1)
