"""Makes aiokafka ask the addresses of the settings again where none of the brokers that it knows answers (KIP-899).

aiokafka 0.14 asks them once, at its start. Where the brokers that it knew last went away for good and others came back,
it never learns of those: its group stands still, and it goes on asking nobody.
"""

import time
from collections.abc import Collection
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.client import AIOKafkaClient
from aiokafka.cluster import ClusterMetadata
from aiokafka.errors import KafkaError
from aiokafka.protocol.metadata import MetadataRequest
from aiokafka.structs import BrokerMetadata

# Kafka was asked twice and did not answer: what a group knows of its lag is then from before.
SILENCE = 60.0
_genuine = AIOKafkaClient._metadata_update  # noqa: SLF001 - nothing public is asked when all brokers are lost


def bootstrap_again() -> None:
    """From now on every client finds back by the addresses that it was given; doing it again changes nothing."""
    AIOKafkaClient._metadata_update = _metadata_update  # noqa: SLF001 - as said


def silence(consumer: AIOKafkaConsumer | None) -> float:
    """Seconds since a broker last told this consumer how the cluster is; 0 before it has connected."""
    if consumer is None:
        return 0.0
    told: float = consumer._client.cluster._last_successful_refresh_ms / 1000  # noqa: SLF001 - nothing public tells it
    return max(0.0, time.time() - told) if told else 0.0


def silent(consumer: AIOKafkaConsumer | None) -> bool:
    """Whether no broker has answered this consumer for longer than `SILENCE`."""
    return silence(consumer) > SILENCE


async def _metadata_update(self: AIOKafkaClient, cluster_metadata: ClusterMetadata, topics: Collection[str]) -> bool:
    if await _genuine(self, cluster_metadata, topics):
        return True
    given = {f"{host}:{port}": BrokerMetadata(f"{host}:{port}", host, port, None) for host, port, _ in self.hosts}
    # Beside those that it knows, which may come back too: by their names aiokafka connects to them as to any other.
    self.cluster._bootstrap_brokers = given  # noqa: SLF001 - aiokafka has the place and leaves it empty
    for address in given:
        answer = await _ask(self, address, MetadataRequest(list(topics) if topics else None))
        if answer is not None and answer.brokers:
            cluster_metadata.update_metadata(answer)
            return True
    return False


async def _ask(client: AIOKafkaClient, address: str, request: MetadataRequest) -> Any:
    """The answer, or None. The connection is left to end by itself when idle: others may be asking by it too."""
    connection = await client._get_conn(address)  # noqa: SLF001 - with the name, password and TLS of this client
    if connection is None:
        return None
    try:
        return await connection.send(request)
    except (KafkaError, TimeoutError):
        return None
