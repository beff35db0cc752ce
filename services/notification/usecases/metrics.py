"""Metrics of notification: deliveries by channel and outcome, open streams, how long a delivery takes."""

from prometheus_client import Counter, Gauge, Histogram

from shared.telemetry.metrics import REGISTRY

DELIVERIES = Counter(
    "rsoko_deliveries",
    "Deliveries by channel (inbox, stream, webhook) and outcome "
    "(stored; sent, resumed, reset, slow; delivered, retried, dead, closed).",
    ("channel", "outcome"),
    registry=REGISTRY,
)
STREAMS_OPEN = Gauge("rsoko_streams_open", "Live streams that this process serves.", registry=REGISTRY)
STREAM_SECONDS = Histogram(
    "rsoko_stream_delivery_seconds",
    "From an item's creation to its being sent on a live stream.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0),
    registry=REGISTRY,
)
