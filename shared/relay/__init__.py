"""Outbox → Kafka: under a lease, in sequence per key, with an idempotent producer; the only sender there is."""

from shared.relay.handover import Handover
from shared.relay.lease import Lease
from shared.relay.sending import Relay
from shared.relay.state import outbox_state

__all__ = ["Handover", "Lease", "Relay", "outbox_state"]
