"""A client whose last known broker has gone finds back to the others by the addresses of its settings."""

from typing import Any

from aiokafka.conn import CloseReason

from deploy.local.ports import free_port_base
from shared.broker import Kafka
from shared.mongo import Database
from shared.settings import Settings
from shared.testing import eventually
from tests.integration.shared.test_broker import Counting, _seen_is, consuming, headers, sending, value


def _lose(client: Any) -> None:
    """As when the only broker that was left to know dies: what leads and coordinates stands where nobody answers."""
    cluster, nowhere = client.cluster, free_port_base()
    cluster._brokers = {node: one._replace(port=nowhere) for node, one in cluster._brokers.items()}
    for connection in [*client._conns.values()]:
        connection.close(reason=CloseReason.CONNECTION_BROKEN)


async def test_a_group_whose_known_brokers_are_all_gone_reads_on(
    settings: Settings, database: Database, topic: str
) -> None:
    counting = Counting(database)
    async with sending(settings) as producer, consuming(settings, database, topic, counting.take) as kafka:
        await producer.send_and_wait(topic, value("a", 100), headers=headers(), partition=0)
        await eventually(lambda: _seen_is(database, "a", [100]))
        _lose(kafka.consumers[0].get()._client)
        await producer.send_and_wait(topic, value("a", 101), headers=headers(), partition=0)
        await eventually(lambda: _seen_is(database, "a", [100, 101]), within=60, what="it reads on")
        await eventually(lambda: _committed(kafka, topic), within=60, what="its group stands, with the place")


async def _committed(kafka: Kafka, topic: str) -> bool:
    consumer = kafka.consumers[0].get()
    [part] = [one for one in consumer.assignment() if one.partition == 0 and one.topic == topic]
    return bool(await consumer.committed(part) == 2)
