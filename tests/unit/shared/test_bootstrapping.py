"""Where no broker that a client knows answers it asks the addresses that it was given, and else keeps what it knows."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiokafka import client as aiokafka_client
from aiokafka.client import AIOKafkaClient

from shared.broker.bootstrapping import bootstrap_again
from tests.simulated.broker import HOST, NODE, PORT, Broker
from tests.simulated.clock import run

GIVEN = ["gone:9092", f"{HOST}:{PORT}"]


def _trial(monkeypatch: pytest.MonkeyPatch, body: Callable[[Broker, Any], Awaitable[None]]) -> None:
    """A client that was well, and whose only broker has moved to where nobody answers."""
    bootstrap_again()

    async def trial() -> None:
        broker = Broker()
        broker.make("topic", 1, [])

        async def connect(host: str, port: int, **asked: Any) -> Any:
            if host != HOST:
                raise ConnectionRefusedError
            return await broker.connect(host, port, **asked)

        monkeypatch.setattr(aiokafka_client, "create_conn", connect)
        client = AIOKafkaClient(bootstrap_servers=GIVEN, client_id="one")
        await client.bootstrap()
        await client.set_topics(["topic"])
        broker.end()
        client.cluster._brokers = {NODE: client.cluster.broker_metadata(NODE)._replace(host="moved")}
        try:
            await body(broker, client)
        finally:
            await client.close()
        assert broker.faults == []

    run(trial)


def test_it_learns_of_the_brokers_that_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    async def body(broker: Broker, client: Any) -> None:
        assert await client.force_metadata_update()
        assert client.cluster.broker_metadata(NODE).host == HOST
        assert client.cluster.partitions_for_topic("topic") == {0}
        assert await client.ready(NODE)

    _trial(monkeypatch, body)


def test_all_that_is_asked_for_by_itself_comes_so_too(monkeypatch: pytest.MonkeyPatch) -> None:
    async def body(broker: Broker, client: Any) -> None:
        del broker
        found = await client.fetch_all_metadata()
        assert found.topics() == {"topic"}
        assert await client.force_metadata_update(), "and what it asks at the same time, of itself"

    _trial(monkeypatch, body)


def test_where_nobody_answers_it_keeps_what_it_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    async def body(broker: Broker, client: Any) -> None:
        broker.away = True
        assert not await client.force_metadata_update()
        assert [one.host for one in client.cluster.brokers()] == ["moved"]
        assert client.cluster.partitions_for_topic("topic") == {0}
        broker.away = False
        assert await client.force_metadata_update()

    _trial(monkeypatch, body)
