"""A reader of server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

DEADLINE = 10.0


@dataclass(frozen=True, slots=True)
class Told:
    """One event of a stream."""

    event: str
    id: int | None
    data: Any


class Stream:
    """An open stream, read event by event."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.aiter_lines()
        self.last: int | None = None

    async def next(self) -> Told | None:
        """The next event of any kind; None at the end of the stream."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(DEADLINE):
            async for line in self._lines:
                if line:
                    name, _, value = line.partition(": ")
                    fields[name] = value
                elif "event" in fields:
                    return self._told(fields)
        return None

    async def news(self, count: int) -> list[Told]:
        """So many events that are no heartbeats."""
        found: list[Told] = []
        while len(found) < count:
            told = await self.next()
            assert told is not None, f"the stream ended after {found}"
            if told.event != "heartbeat":
                found.append(told)
        return found

    def _told(self, fields: dict[str, str]) -> Told:
        number = int(fields["id"]) if "id" in fields else None
        self.last = number if number is not None else self.last
        return Told(fields["event"], number, json.loads(fields["data"]))


@asynccontextmanager
async def listening(
    url: str, who: str, *, last: int | str | None = None, query: dict[str, str] | None = None
) -> AsyncIterator[Stream]:
    """A stream opened by `who`; begun when this returns (its first event has been read)."""
    headers = {"Authorization": f"Bearer {who}"} | ({"Last-Event-ID": str(last)} if last is not None else {})
    async with (
        httpx.AsyncClient(timeout=DEADLINE) as client,
        client.stream("GET", f"{url}/v1/stream", headers=headers, params=query) as response,
    ):
        assert response.status_code == 200, await response.aread()
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        yield Stream(response)
