"""A broker that goes away in the middle of a write: the client must see a broken connection, on uvloop too."""

import asyncio

import pytest
import uvloop
from aiokafka.conn import create_conn
from aiokafka.errors import KafkaConnectionError
from aiokafka.protocol.admin import ApiVersionRequest

from deploy.local import Settings as LocalSettings
from shared.broker.sockets import expect_closed_sockets
from shared.testing import eventually


def test_a_write_to_a_socket_that_was_just_closed_is_a_broken_connection(stores: LocalSettings) -> None:
    async def write_behind_the_end() -> None:
        connection = await create_conn("127.0.0.1", stores.kafka_port)
        transport = connection._writer.transport
        # As when the broker is killed: the socket is gone, nobody has read its end yet.
        connection._read_task.cancel()
        transport.abort()
        await eventually(lambda: transport.get_extra_info("socket") is None or transport.is_closing())
        await asyncio.sleep(0)
        with pytest.raises(KafkaConnectionError):
            await connection.send(ApiVersionRequest())

    expect_closed_sockets()
    uvloop.run(write_behind_the_end())
