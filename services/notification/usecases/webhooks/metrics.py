"""Metrics of webhooks: how long the oldest message waits, how long a receiver takes."""

from prometheus_client import Gauge, Histogram

from shared.telemetry.metrics import REGISTRY

CHANNEL = "webhook"
OLDEST = Gauge(
    "rsoko_webhook_oldest_waiting_seconds",
    "For how long the longest waiting delivery to an active webhook has been due; 0 where none is.",
    registry=REGISTRY,
)
SEALED = Gauge(
    "rsoko_webhooks_sealed",
    "Active webhooks that nothing is sent to, because no key opens their secrets; looked at once a minute.",
    registry=REGISTRY,
)
POST_SECONDS = Histogram(
    "rsoko_webhook_post_seconds",
    "One attempt: resolving, connecting, the receiver's answer.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
    registry=REGISTRY,
)
