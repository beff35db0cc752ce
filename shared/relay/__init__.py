"""Outbox → Kafka: under a lease, in sequence per key, with an idempotent producer; the only sender there is."""

from shared.relay.handover import Handover
from shared.relay.lease import Lease
from shared.relay.outbox import Outbox, outbox_state
from shared.relay.sending import Relay

__all__ = ["Handover", "Lease", "Outbox", "Relay", "outbox_state"]
