"""A load of identical GETs over kept connections from a process of its own; the same for every server measured.

Run as a process: `python -m benchmarks.load '{"port": …, "path": …, "headers": {…}, "status": 200, …}'`; its output
is one JSON line: requests, seconds, wrong answers, and the share of one core that the client itself used.
"""

from __future__ import annotations

import asyncio
import json
import re
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import cast

import uvloop

from deploy.local.processes import ROOT

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What to ask for, over how many connections at once, for how long."""

    port: int
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    connections: int = 16
    seconds: float = 2.0

    def request(self) -> bytes:
        """The request as it goes over the wire."""
        lines = [f"GET {self.path} HTTP/1.1", f"host: 127.0.0.1:{self.port}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, "", ""]).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one run came to; `client` is the share of a core that the client used."""

    requests: int
    wrong: int
    seconds: float
    client: float

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds


class Asker(asyncio.Protocol):
    """One connection: asks, reads the whole answer, asks again until the end."""

    def __init__(self, load: Load, *, ends: float) -> None:
        self.requests = self.wrong = 0
        self.closed = asyncio.get_running_loop().create_future()
        self._request = load.request()
        self._status = b"HTTP/1.1 %d" % load.status
        self._bodiless = load.status == 304
        self._ends = ends
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the first time."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Count an answer when it is whole."""
        self._buffer = self._buffer + data if self._buffer else data
        head = self._buffer.find(END)
        if head < 0:
            return
        length = None if self._bodiless else LENGTH.search(self._buffer, 0, head)
        if len(self._buffer) < head + len(END) + (int(length[1]) if length else 0):
            return
        self.requests += 1
        self.wrong += not self._buffer.startswith(self._status)
        self._buffer = b""
        if time.perf_counter() < self._ends:
            self._transport.write(self._request)
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """The end, or a server that hung up (then the answers are too few and it shows)."""
        self.wrong += exc is not None
        self.closed.set_result(None)


async def run(load: Load) -> Outcome:
    """Keep all connections asking until the time is over."""
    loop = asyncio.get_running_loop()
    used, began = _cpu(), time.perf_counter()
    ends = began + load.seconds
    askers = [
        (await loop.create_connection(lambda: Asker(load, ends=ends), "127.0.0.1", load.port))[1]
        for _ in range(load.connections)
    ]
    await asyncio.gather(*(asker.closed for asker in askers))
    seconds = time.perf_counter() - began
    return Outcome(
        requests=sum(asker.requests for asker in askers),
        wrong=sum(asker.wrong for asker in askers),
        seconds=seconds,
        client=(_cpu() - used) / seconds,
    )


def put(load: Load) -> Outcome:
    """Run a load in a process of its own."""
    command = (sys.executable, "-m", "benchmarks.load", json.dumps(asdict(load)))
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=60)  # noqa: S603 - our own words
    return Outcome(**json.loads(done.stdout))


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(uvloop.run(run(Load(**json.loads(sys.argv[1])))))) + "\n")
