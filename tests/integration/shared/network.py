"""A network that can fall ill: a proxy before a server, which can be made silent."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Network:
    """The way to one server; while it is silent nothing comes through, and nobody is told."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._well = asyncio.Event()
        self._well.set()
        self._server: asyncio.Server | None = None
        self._ways: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> str:
        """Where the server is found behind this network."""
        assert self._server is not None
        host, port = self._server.sockets[0].getsockname()
        return f"{host}:{port}"

    async def start(self) -> None:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1")

    async def stop(self) -> None:
        """Cut every connection."""
        assert self._server is not None
        self._server.close()
        for way in self._ways:
            way.cancel()
        await asyncio.gather(*self._ways, return_exceptions=True)

    def fall_silent(self) -> None:
        """From now on nothing comes through."""
        self._well.clear()

    def recover(self) -> None:
        """Everything comes through, also what was sent meanwhile."""
        self._well.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        way = asyncio.create_task(self._join(reader, writer))
        self._ways.add(way)
        way.add_done_callback(self._ways.discard)
        # Also of one that is cut before it has begun.
        way.add_done_callback(lambda _: writer.close())

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._well.wait()
        back, there = await asyncio.open_connection(*self._to)
        with contextlib.closing(there):
            await asyncio.gather(self._carry(reader, there), self._carry(back, writer), return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer):
            while data := await reader.read(65536):
                await self._well.wait()
                writer.write(data)
                await writer.drain()


@asynccontextmanager
async def network(address: str) -> AsyncIterator[Network]:
    """A network before this server, well at first."""
    host, _, port = address.rpartition(":")
    found = Network(host, int(port))
    await found.start()
    try:
        yield found
    finally:
        await found.stop()
