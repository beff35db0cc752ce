"""A receiver of webhooks on this machine: it answers as it is told and remembers what came."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from standardwebhooks.webhooks import Webhook as Verifier
from starlette.types import Receive, Scope, Send

from shared.testing import eventually


@dataclass(frozen=True, slots=True)
class Came:
    """One request."""

    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """The `webhook-id`."""
        return self.headers["webhook-id"]

    @property
    def told(self) -> dict[str, Any]:
        """The message."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    def verified(self, secret: str) -> dict[str, Any]:
        """The message, believed by the verifier of Standard Webhooks; raises where it is not."""
        found: dict[str, Any] = Verifier(secret).verify(self.body, self.headers)
        return found


@dataclass(slots=True)
class Receiver:
    """What came so far; `answer` says the status for a request by its number from 1, `opened` lets it answer."""

    url: str = ""
    came: list[Came] = field(default_factory=list)
    answer: Callable[[int], int] = lambda _: 200
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    headers: tuple[tuple[bytes, bytes], ...] = ()

    def ids(self) -> list[str]:
        """The `webhook-id`s in the order in which they came."""
        return [one.id for one in self.came]

    def numbers(self) -> list[int]:
        """The feed numbers in the order in which they came."""
        return [int(one.id.rpartition("_")[2]) for one in self.came]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        self.came.append(Came({name.decode(): value.decode() for name, value in scope["headers"]}, body))
        status = self.answer(len(self.came))
        await self.opened.wait()
        await send({"type": "http.response.start", "status": status, "headers": list(self.headers)})
        await send({"type": "http.response.body", "body": "получено".encode()})


@asynccontextmanager
async def receiving(*, opened: bool = True) -> AsyncIterator[Receiver]:
    """A receiver that listens; a closed one takes requests and does not answer until it is opened."""
    receiver = Receiver()
    if opened:
        receiver.opened.set()
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        receiver.url = f"http://127.0.0.1:{listening.getsockname()[1]}/hook"
        config = uvicorn.Config(receiver, log_config=None, lifespan="off", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        await eventually(lambda: server.started or serving.done(), what="the receiver listens")
        yield receiver
        receiver.opened.set()
        server.should_exit = True
        await serving
