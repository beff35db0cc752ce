"""The simulated broker keeps the contract that the real one keeps (`tests/integration/shared/test_simulated.py`)."""

import pytest
from aiokafka import client

from tests.simulated.broker import Broker
from tests.simulated.clock import run
from tests.simulated.contract import CONTRACT, Side


class Simulated:
    """A topic of one partition in memory."""

    topic = "topic"
    addresses = ("simulated:9092",)

    def __init__(self, broker: Broker) -> None:
        broker.make(self.topic, 1, [])
        self._broker = broker
        [self._log] = broker.topics[self.topic]

    async def write(self, count: int) -> None:
        self._log.append([b"x"] * count)
        self._broker.changed()

    async def begin(self, count: int) -> None:
        self._log.append([b"x"] * count, producer=1)
        self._broker.changed()

    async def finish(self, *, commit: bool) -> None:
        self._log.finish(1, commit=commit)
        self._broker.changed()

    async def delete(self, before: int) -> None:
        self._log.delete(before)


@pytest.mark.parametrize("part", CONTRACT, ids=lambda part: part.__name__)
def test_the_simulated_broker_keeps_to_it_that(monkeypatch: pytest.MonkeyPatch, part: object) -> None:
    async def body() -> None:
        broker = Broker()
        monkeypatch.setattr(client, "create_conn", broker.connect)
        side: Side = Simulated(broker)
        await part(side)
        assert broker.faults == []

    run(body)
