"""While Kafka is away what was decided waits in the outbox, the health says so, and it is sent once Kafka is back."""

import uuid
from typing import ClassVar

import pytest
from aiokafka import AIOKafkaProducer

from deploy.local.ports import free_port_base
from shared.broker.connection import make_producer
from shared.kernel import Cause, Event
from shared.mongo import Database, Tx
from shared.relay import Relay, outbox_state
from shared.settings import Settings
from shared.testing import eventually


class ThingSaid(Event):
    """A thing of the test was said."""

    TYPE: ClassVar[str] = "ru.rsoko.test.thing.said.v1"
    thing: str

    @property
    def key(self) -> str:
        return self.thing


async def test_a_relay_that_cannot_send_says_so_until_it_can(
    settings: Settings, database: Database, topic: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(ThingSaid, "topic", classmethod(lambda _: topic))
    nowhere = settings.model_copy(update={"kafka": (f"127.0.0.1:{free_port_base()}",)})
    told = {"where": nowhere}

    def producer() -> AIOKafkaProducer:
        return make_producer(told["where"], f"relay-{uuid.uuid4().hex[:6]}")

    relay = Relay(database, owner="one", producer=producer)
    relay.start()
    try:
        await eventually(lambda: relay.leading, what="leading")
        assert relay.alive()

        async def body(tx: Tx) -> None:
            tx.tell(ThingSaid(thing="t"), Cause("c"))

        await database.transact(body)
        await eventually(lambda: not relay.alive(), what="told as degraded")
        assert (await outbox_state(database))[0] == 1

        told["where"] = settings
        await eventually(relay.alive, what="well again")
        await eventually(lambda: _empty(database), what="sent")
    finally:
        await relay.stop()


async def _empty(database: Database) -> bool:
    return (await outbox_state(database))[0] == 0
