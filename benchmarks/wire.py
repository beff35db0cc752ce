"""HTTP over one kept connection with as little of a client as can be, so that its own time does not show."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from deploy.local import Failed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and its body."""

    status: int
    body: bytes

    def json(self) -> Any:
        """The body as JSON; Failed where the answer is an error."""
        if self.status >= 400:
            raise Failed(f"ответ {self.status}: {self.body.decode(errors='replace')[:300]}")
        return json.loads(self.body)


class Wire:
    """One connection; one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str) -> None:
        self._reader = reader
        self._writer = writer
        self._token = token

    @classmethod
    async def to(cls, port: int, token: str) -> Self:
        """Connect to a service of this machine."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        return cls(reader, writer, token)

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """One request and its whole answer; an underscore in a header's name stands for a hyphen."""
        content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        self._send(method, path, content=content, headers=headers)
        head = await self._reader.readuntil(END)
        found = LENGTH.search(head)
        return Answer(int(head[9:12]), await self._reader.readexactly(int(found[1]) if found else 0))

    async def events(self, path: str) -> AsyncIterator[bytes]:
        """The `data:` lines of a live stream; the first item is empty, when the stream is open."""
        self._send("GET", path, content=b"", headers={"accept": "text/event-stream"})
        head = await self._reader.readuntil(END)
        if int(head[9:12]) != 200:
            raise Failed(f"поток не открыт: {head.decode(errors='replace')[:200]}")
        yield b""
        while line := await self._reader.readline():
            if line.startswith(b"data:"):
                yield line[5:].strip()

    def close(self) -> None:
        """Hang up."""
        self._writer.close()

    def _send(self, method: str, path: str, *, content: bytes, headers: dict[str, str]) -> None:
        lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1", f"authorization: Bearer {self._token}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        if content:
            lines += ["content-type: application/json", f"content-length: {len(content)}"]
        self._writer.write("\r\n".join([*lines, "", ""]).encode() + content)
