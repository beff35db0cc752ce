"""A client whose last known broker has gone finds back to the others by the addresses of its settings."""

from typing import Any

import pytest
from aiokafka.conn import CloseReason

from deploy.local.ports import free_port_base
from shared.broker import Kafka, bootstrapping, connection
from shared.broker.consumer import Consumer
from shared.mongo import Database
from shared.settings import Settings
from shared.telemetry import metrics
from shared.testing import eventually
from tests.integration.shared.network import network
from tests.integration.shared.test_broker import _seen_is, consuming, headers, sending, value
from tests.integration.shared.toys import Counting


def _lose(client: Any) -> None:
    """As when the only broker that was left to know dies: what leads and coordinates stands where nobody answers."""
    cluster, nowhere = client.cluster, free_port_base()
    cluster._brokers = {node: one._replace(port=nowhere) for node, one in cluster._brokers.items()}
    for one in [*client._conns.values()]:
        one.close(reason=CloseReason.CONNECTION_BROKEN)


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
        await eventually(lambda: _committed(kafka, topic, 2), within=60, what="its group stands, with the place")


async def test_where_kafka_does_not_answer_the_figures_and_the_health_say_so(
    settings: Settings, database: Database, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrapping, "SILENCE", 1.0)
    monkeypatch.setattr(connection, "METADATA_MS", 200)
    async with network(settings.kafka[0]) as way:
        known = settings.model_copy(update={"kafka": (way.address,)})
        counting = Counting(database)
        async with sending(settings) as producer, consuming(known, database, topic, counting.take) as kafka:
            await eventually(kafka.answers, what="it answers")
            client, [group] = kafka.consumers[0].get()._client, kafka.consumers
            await eventually(lambda: _lags(group), what="its lag is told")
            way.fall_silent()
            _lose(client)
            await eventually(lambda: not kafka.answers(), within=60, what="told")
            group.measure_lag()
            told = metrics.CONSUMER_SILENCE.labels(group.listener.group)._value.get()
            assert (told > 1, group.poll_age() < 1, kafka.alive()) == (True, True, True)
            assert not _lags(group), "what was so before is no longer told"
            way.recover()
            await eventually(kafka.answers, within=60, what="it answers again")
            # Whole again before it is stopped: aiokafka's end breaks off where it is just connecting.
            await producer.send_and_wait(topic, value("a", 1), headers=headers(), partition=0)
            await eventually(lambda: _seen_is(database, "a", [1]), within=60, what="it reads on")
            await eventually(lambda: _committed(kafka, topic, 1), within=60, what="its group stands, with the place")


def _lags(group: Consumer) -> set[str]:
    """The figures of its lag that are told when they are taken now."""
    group.measure_lag()
    figures = {metrics.CONSUMER_LAG, metrics.CONSUMER_LAG_SECONDS}
    samples = [sample for one in figures for told in one.collect() for sample in told.samples]
    return {one.name for one in samples if one.labels["group"] == group.listener.group}


async def _committed(kafka: Kafka, topic: str, place: int) -> bool:
    consumer = kafka.consumers[0].get()
    [part] = [one for one in consumer.assignment() if one.partition == 0 and one.topic == topic]
    return bool(await consumer.committed(part) == place)
