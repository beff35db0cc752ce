"""How a process starts and stops where something fails: it tries again, and leaves nothing out."""

import asyncio
from typing import Any

import pytest

from shared.broker import Kafka, Listener, bootstrapping, connection
from shared.kernel import Unavailable
from shared.service import Service, _register_checks
from shared.settings import load


async def nothing(*_: Any) -> None:
    """What takes anything and does nothing."""


@pytest.fixture
def service() -> Service:
    return Service("toy", load(env="local", drain_seconds=1), title="Проба", schemas=())


@pytest.fixture
def kafka(service: Service) -> Kafka:
    service.listen(Listener("group", {"one": {}}, nothing, "dlq"))
    return service.kafka


async def test_consuming_that_cannot_start_for_an_unexpected_reason_is_tried_again(
    kafka: Kafka, monkeypatch: pytest.MonkeyPatch
):
    tries: list[Exception] = [ValueError("a bug"), ExceptionGroup("several", [RuntimeError()])]

    async def start() -> None:
        if tries:
            raise tries.pop(0)

    monkeypatch.setattr(kafka._broker, "start", start)
    monkeypatch.setattr(kafka._broker, "stop", nothing)
    kafka.start()
    async with asyncio.timeout(10):
        await kafka._starting
    assert kafka.started


async def test_a_stop_waits_for_the_batch_in_hand_as_long_as_the_setting_says(
    kafka: Kafka, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(connection, "CLOSING_SECONDS", 0.1)
    stored = asyncio.Event()

    async def close(*_: Any) -> None:
        asyncio.get_running_loop().call_later(0.4, stored.set)
        await stored.wait()

    monkeypatch.setattr(kafka._broker, "stop", close)
    await kafka.stop()
    assert stored.is_set()


async def test_where_a_step_of_the_stop_fails_the_others_are_taken(service: Service, monkeypatch: pytest.MonkeyPatch):
    """FastStream raises what its subscribers raised, in a group; the lease of the relay is given back all the same."""
    taken: list[str] = []

    async def fail() -> None:
        raise ExceptionGroup("stop", [RuntimeError()])

    async def stop() -> None:
        taken.append("relay")

    monkeypatch.setattr(service.kafka, "stop", fail)
    monkeypatch.setattr(service.relay, "stop", stop)
    monkeypatch.setattr(service.mongo, "close", lambda: taken.append("mongodb"))
    await service._stop()
    assert taken == ["relay", "mongodb"]


async def test_kafka_whose_closing_fails_is_told_and_stopped(kafka: Kafka, monkeypatch: pytest.MonkeyPatch):
    async def fail(*_: Any) -> None:
        raise ExceptionGroup("stop", [RuntimeError()])

    monkeypatch.setattr(kafka._broker, "stop", fail)
    kafka.started = True
    await kafka.stop()
    assert not kafka.started


async def test_transactions_left_open_are_ended_once_however_often_the_start_is_tried(
    service: Service, monkeypatch: pytest.MonkeyPatch
):
    """What is open at a later try may be of this process."""
    ended: list[int] = []

    async def end(*_: Any) -> int:
        ended.append(1)
        return 0

    async def away() -> None:
        raise Unavailable("mongodb")

    monkeypatch.setattr(service.mongo, "ping", nothing)
    monkeypatch.setattr("shared.service.refuse_half_restored", nothing)
    monkeypatch.setattr("shared.mongo.client.end_orphans", end)
    service.warm(away)
    for _ in range(3):
        with pytest.raises(Unavailable):
            await service._prepare()
    assert ended == [1]


@pytest.mark.parametrize("age", [1.0, 61.0])
async def test_a_kafka_that_has_not_answered_for_a_minute_is_told(
    service: Service, kafka: Kafka, monkeypatch: pytest.MonkeyPatch, age: float
):
    """Partitions are held and polled all the same."""
    monkeypatch.setattr(kafka, "assigned", lambda: True)
    monkeypatch.setattr(bootstrapping, "silence", lambda _: age)
    _register_checks(service)
    assert (service.health._wanted["consuming"](), kafka.alive()) == (age <= 60, True)
