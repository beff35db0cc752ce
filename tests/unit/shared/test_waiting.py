"""Requests that do not come on: they hold no connection, and who waits for us is not sent away."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from shared.serving import PATIENCE, Bounded
from tests.unit.shared.lines import Transport

HEAD = b"POST /v1/things HTTP/1.1\r\nhost: toy\r\n"
BODY = HEAD + b"content-length: 10\r\n\r\n"
WHOLE = BODY + b"0123456789"


class Timer:
    """One call to come."""

    def __init__(self, at: float, call: Callable[[], object]) -> None:
        self.at, self.call, self.over = at, call, False

    def cancel(self) -> None:
        self.over = True


class Clock:
    """A loop whose time is moved by hand; tasks are those of the real one."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[Timer] = []

    def call_later(self, delay: float, call: Callable[[], object]) -> Timer:
        self.timers.append(Timer(self.now + delay, call))
        return self.timers[-1]

    def create_task(self, work: Any) -> asyncio.Task[Any]:
        return asyncio.get_running_loop().create_task(work)

    def pass_by(self, seconds: float) -> None:
        self.now += seconds
        for timer in [one for one in self.timers if one.at <= self.now]:
            self.timers.remove(timer)
            if not timer.over:
                timer.call()


class Line(Transport):
    """A connection, the clock of its loop, and the protocol that serves it."""

    def __init__(self, app: Any) -> None:
        super().__init__()
        self.clock = Clock()
        self.protocol = Bounded(Config(app, log_config=None), ServerState(), {}, self.clock)
        self.protocol.connection_made(self)

    async def says(self, data: bytes) -> None:
        self.protocol.data_received(data)
        for _ in range(5):
            await asyncio.sleep(0)

    def pass_by(self, seconds: float = PATIENCE) -> None:
        self.clock.pass_by(seconds)


async def silent(scope: Any, receive: Any, send: Any) -> None:
    """An application that never answers."""
    await asyncio.Event().wait()


async def reading(scope: Any, receive: Any, send: Any) -> None:
    """An application that reads its body and answers."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def refusing(scope: Any, receive: Any, send: Any) -> None:
    """An application that answers before the body has come."""
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b"", "more_body": True})
    await asyncio.Event().wait()


@pytest.mark.parametrize("pieces", [(b"GET",), (HEAD,), (BODY,), (BODY, b"01"), (WHOLE, HEAD)])
async def test_who_stops_within_a_request_hears_so_and_is_sent_away(pieces: tuple[bytes, ...]):
    line = Line(reading)
    for piece in pieces:
        await line.says(piece)
    line.pass_by(PATIENCE - 1)
    assert not line.closed
    line.pass_by(1)
    assert line.closed
    assert b"HTTP/1.1 408 " in line.written


async def test_who_says_a_head_byte_by_byte_has_no_longer():
    line = Line(reading)
    for byte in HEAD[: int(PATIENCE)]:
        assert not line.closed
        await line.says(bytes([byte]))
        line.pass_by(1)
    assert line.closed


async def test_who_goes_on_with_a_body_is_waited_for():
    line = Line(reading)
    await line.says(BODY)
    for byte in b"0123456789":
        line.pass_by(PATIENCE - 1)
        assert not line.closed
        await line.says(bytes([byte]))
    assert line.written.startswith(b"HTTP/1.1 204 ")


async def test_who_says_nothing_at_all_is_sent_away_without_a_word():
    line = Line(reading)
    line.pass_by()
    assert line.closed
    assert line.written == b""


@pytest.mark.parametrize("pieces", [(b"\r\n",), (b"\r\n", b"\r\n"), (WHOLE, b"\r\n")], ids=["one", "two", "answered"])
async def test_empty_lines_are_no_request(pieces: tuple[bytes, ...]):
    """They may stand before one; uvicorn waits no more once they came, and what is no request no rate counts."""
    line = Line(reading)
    for piece in pieces:
        await line.says(piece)
    line.pass_by()
    assert line.closed
    assert b"408" not in line.written


async def test_an_empty_line_before_a_request_is_passed_over():
    line = Line(reading)
    await line.says(b"\r\n")
    line.pass_by(PATIENCE - 1)
    await line.says(WHOLE)
    line.pass_by(1)
    assert line.written.startswith(b"HTTP/1.1 204 ")
    assert not line.closed


async def test_who_waits_for_an_answer_may_wait():
    line = Line(silent)
    await line.says(WHOLE)
    line.pass_by(10 * PATIENCE)
    assert not line.closed


async def test_the_next_head_may_rest_while_an_answer_is_made():
    line = Line(silent)
    await line.says(WHOLE + HEAD)
    line.pass_by()
    line.pass_by()
    assert not line.closed


async def test_who_is_not_read_from_is_not_blamed():
    line = Line(silent)
    await line.says(HEAD + b"content-length: 1000000\r\n\r\n" + b"x" * 100_000)
    assert line.protocol.flow.read_paused
    line.pass_by()
    assert not line.closed


async def test_an_answer_that_has_begun_gets_no_second_one():
    line = Line(refusing)
    await line.says(BODY)
    line.pass_by()
    assert line.closed
    assert b"408" not in line.written
