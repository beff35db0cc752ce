"""The one Kafka set-up: batches with raw records, own retry, dead letters, positions in the store (see docs/adr)."""

from shared.broker.connection import Kafka
from shared.broker.consumer import Consumer
from shared.broker.listener import Listener, listen_to

__all__ = ["Consumer", "Kafka", "Listener", "listen_to"]
