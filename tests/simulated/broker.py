"""A Kafka of one broker in memory, below aiokafka's connections: everything above them is the real thing.

What it answers is held by the same contract as a real broker: `tests/simulated/contract.py`.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from aiokafka.conn import CloseReason
from aiokafka.errors import KafkaConnectionError
from aiokafka.protocol.struct import Struct

from tests.simulated.group import Group
from tests.simulated.log import Headers, Log

NODE, HOST, PORT = 1, "simulated", 9092
EARLIEST, OUT_OF_RANGE, UNKNOWN_TOPIC = -2, 1, 3
# The newest versions of requests that a broker of today and aiokafka agree on, by their keys.
_NEWEST = {1: 11, 2: 3, 3: 10, 8: 3, 9: 3, 10: 1, 11: 5, 12: 1, 13: 1, 14: 3, 22: 0}
VERSIONS = {key: (0, newest) for key, newest in _NEWEST.items()}
Pause = Callable[[str, str], Awaitable[None]]


async def at_once(client: str, what: str) -> None:
    """Every request comes and goes without delay."""
    del client, what


class Broker:
    """Topics, groups and open connections; `pause` is awaited before a request is heard and before it is answered."""

    def __init__(self, pause: Pause = at_once, *, fetched: int = 100) -> None:
        self.pause = pause
        self.fetched = fetched
        self.cluster = str(uuid.UUID(int=1))
        self.topics: dict[str, list[Log]] = {}
        self.groups: dict[str, Group] = {}
        self.connections: list[Connection] = []
        self.away = False
        self.faults: list[str] = []
        """Our own, and what `committed` had to say."""
        self.committed: Callable[[str, dict[tuple[str, int], int]], None] = lambda *_: None
        self._more = asyncio.Event()

    def make(self, topic: str, partitions: int, headers: Headers) -> None:
        """A new topic, whose records bear these headers."""
        self.topics[topic] = [Log(headers) for _ in range(partitions)]

    def topic_id(self, topic: str) -> str:
        """The id of a topic that is there."""
        return str(uuid.uuid5(uuid.UUID(self.cluster), topic))

    def changed(self) -> None:
        """Whoever waits for more looks again."""
        self._more.set()
        self._more = asyncio.Event()

    async def connect(self, host: str, port: int, **asked: Any) -> "Connection":
        """What aiokafka's `create_conn` does."""
        client = str(asked["client_id"])
        await self.pause(client, "connect")
        if self.away:
            raise ConnectionRefusedError
        del host, port
        found = Connection(self, client, asked["request_timeout_ms"] / 1000, asked.get("on_close"))
        self.connections.append(found)
        return found

    def end(self, client: str | None = None) -> None:
        """Break the connections of a client, or all."""
        for one in [one for one in self.connections if client in {None, one.client}]:
            one.close(CloseReason.CONNECTION_BROKEN)

    async def answer(self, asked: Any) -> Any:
        """The response to one request."""
        name = type(asked).__name__.lstrip("_").partition("Request")[0].lower()
        found: Any = getattr(self, f"_{name}")(asked)
        return await found if asyncio.iscoroutine(found) else found

    def _metadata(self, asked: Any) -> Any:
        topics = [one[1] if isinstance(one, tuple) else one for one in asked.topics or self.topics]
        if asked.API_VERSION < 10:
            rows = [(self._error(one), one, False, self._rows(one, epoch=False)) for one in topics]
            return asked.RESPONSE_TYPE(0, [(NODE, HOST, PORT, None)], self.cluster, NODE, rows)
        ids = {one: self.topic_id(one) for one in topics}
        told: list[Any] = [
            (self._error(one), one, uuid.UUID(ids[one]).bytes, False, self._rows(one, epoch=True), 0, {})
            for one in topics
        ]
        return asked.RESPONSE_TYPE(0, [(NODE, HOST, PORT, None, {})], self.cluster, NODE, told, 0, {})

    def _error(self, topic: str) -> int:
        return 0 if topic in self.topics else UNKNOWN_TOPIC

    def _rows(self, topic: str, *, epoch: bool) -> list[Any]:
        found = range(len(self.topics.get(topic, ())))
        rest: tuple[Any, ...] = ([NODE], [NODE], [])
        return [(0, one, NODE, 0, *rest, {}) if epoch else (0, one, NODE, *rest) for one in found]

    def _offset(self, asked: Any) -> Any:
        def at(log: Log, when: int) -> int:
            return log.begin if when == EARLIEST else log.stable if asked.isolation_level else log.end

        rows = [
            (topic, [(one, 0, -1, at(self.topics[topic][one], when)) for one, when in partitions])
            for topic, partitions in asked.topics
        ]
        return asked.RESPONSE_TYPE(0, rows)

    async def _fetch(self, asked: Any) -> Any:
        """As soon as there is something, or an error, at one of the places; else nothing, after a while."""
        until = asyncio.get_running_loop().time() + asked.max_wait_time / 1000
        found = self._found(asked)
        while not any(row[1] or row[-1] for _, rows in found for row in rows):
            more = self._more
            try:
                async with asyncio.timeout_at(until):
                    await more.wait()
            except TimeoutError:
                break
            found = self._found(asked)
        return asked.RESPONSE_TYPE(0, 0, 0, found)

    def _found(self, asked: Any) -> list[tuple[str, list[Any]]]:
        # Which replica is nearer is told from version 11 on.
        nearer = (-1,) if asked.API_VERSION >= 11 else ()

        def row(topic: str, one: int, offset: int) -> tuple[Any, ...]:
            log = self.topics[topic][one]
            if not log.begin <= offset <= log.end:
                return one, OUT_OF_RANGE, -1, -1, -1, [], *nearer, b""
            raw, aborted = log.fetch(offset, self.fetched)
            return one, 0, log.end, log.stable, log.begin, aborted, *nearer, raw

        return [(topic, [row(topic, one[0], one[2]) for one in partitions]) for topic, partitions in asked.topics]

    def _initproducerid(self, asked: Any) -> Any:
        return asked.RESPONSE_TYPE(0, 0, 1, 0)

    def _findcoordinator(self, asked: Any) -> Any:
        return asked.RESPONSE_TYPE(0, 0, None, NODE, HOST, PORT)

    def group(self, name: str) -> Group:
        """The group of this name."""
        return self.groups.setdefault(name, Group())

    async def _joingroup(self, asked: Any) -> Any:
        return await self.group(asked.group).join(asked)

    async def _syncgroup(self, asked: Any) -> Any:
        return asked.RESPONSE_TYPE(0, *await self.group(asked.group).sync(asked))

    def _heartbeat(self, asked: Any) -> Any:
        return asked.RESPONSE_TYPE(0, self.group(asked.group).heartbeat(asked.member_id, asked.generation_id))

    def _leavegroup(self, asked: Any) -> Any:
        return asked.RESPONSE_TYPE(0, self.group(asked.group).leave(asked.member_id))

    def _offsetcommit(self, asked: Any) -> Any:
        places = {(topic, one[0]): one[1] for topic, partitions in asked.topics for one in partitions}
        group = self.group(asked.consumer_group)
        error = group.commit(asked.consumer_id, asked.consumer_group_generation_id, places)
        if not error:
            self.committed(asked.consumer_group, places)
        return asked.RESPONSE_TYPE(0, [(topic, [(one[0], error) for one in parts]) for topic, parts in asked.topics])

    def _offsetfetch(self, asked: Any) -> Any:
        known = self.group(asked.consumer_group).committed
        rows = [(topic, [(one, known.get((topic, one), -1), "", 0) for one in parts]) for topic, parts in asked.topics]
        return asked.RESPONSE_TYPE(0, rows, 0)


class Connection:
    """What aiokafka's connection does for its client: one request after another is heard, and answered in order."""

    def __init__(self, broker: Broker, client: str, patience: float, on_close: Any) -> None:
        self.client = client
        self._broker = broker
        self._patience = patience
        self._on_close = on_close
        self._open = True
        self._turn = asyncio.Lock()
        self._waiting: set[asyncio.Future[Any]] = set()
        self._serving: set[asyncio.Task[None]] = set()

    def connected(self) -> bool:
        """Whether a request may be sent."""
        return self._open

    def send(self, request: Any, expect_response: bool = True) -> Awaitable[Any]:  # noqa: FBT001, FBT002 - aiokafka's
        """The response, later."""
        del expect_response
        if not self._open:
            raise KafkaConnectionError("closed")
        asked: Struct = request.prepare(VERSIONS)
        found = asyncio.get_running_loop().create_future()
        self._waiting.add(found)
        task = asyncio.get_running_loop().create_task(self._serve(asked, found))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)
        return asyncio.wait_for(found, self._patience)

    def close(self, reason: Any = None, exc: BaseException | None = None) -> asyncio.Future[None]:
        """Whoever waits for an answer hears that there will be none; the broker may have heard the request."""
        del exc
        closed = asyncio.get_running_loop().create_future()
        closed.set_result(None)
        if self._open:
            self._open = False
            self._broker.connections.remove(self)
            for task in [*self._serving]:
                task.cancel()
            for waiting in self._waiting:
                if not waiting.done():
                    waiting.set_exception(KafkaConnectionError("closed"))
                    waiting.exception()
            if self._on_close is not None:
                self._on_close(self, reason)
        return closed

    async def _serve(self, asked: Any, found: asyncio.Future[Any]) -> None:
        name = type(asked).__name__.lstrip("_").partition("Request")[0].lower()
        async with self._turn:
            await self._broker.pause(self.client, f"{name}.asked")
            try:
                answer = await self._broker.answer(asked)
            except Exception as error:
                self._broker.faults.append(repr(error))
                raise
            await self._broker.pause(self.client, f"{name}.answered")
        self._waiting.discard(found)
        if not found.done():
            found.set_result(answer)
