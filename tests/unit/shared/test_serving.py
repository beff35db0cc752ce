"""Heads of requests: what does not end is cut off, what is usual passes, wherever the chunks end."""

import socket
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from shared import serving
from shared.serving import GONE_MS, KEPT, LONGEST_HEAD, Bounded
from tests.unit.shared.lines import Transport

HEAD = b"POST /v1/things HTTP/1.1\r\nhost: toy\r\n"
CHUNK = 32 * 1024


async def nobody(scope: Any, receive: Any, send: Any) -> None:
    """An application that reads its body and answers nothing."""
    while (await receive()).get("more_body"):
        pass


def fed(*pieces: bytes) -> tuple[Transport, int]:
    """What becomes of a connection that says this, piece by piece, and how many bytes it could say."""
    transport, said = Transport(), 0
    protocol = Bounded(Config(nobody, log_config=None), ServerState(), {})
    protocol.connection_made(transport)
    for piece in pieces:
        for start in range(0, len(piece), CHUNK):
            if transport.closed:
                return transport, said
            protocol.data_received(piece[start : start + CHUNK])
            said += len(piece[start : start + CHUNK])
    return transport, said


def headers(size: int) -> Iterator[bytes]:
    return (b"h%d: %s\r\n" % (number, b"x" * 80) for number in range(size // 90))


MANY = b"".join(headers(1024 * 1024))


@pytest.mark.parametrize(
    "pieces",
    [
        (HEAD, MANY),
        (HEAD, b"one: " + b"x" * 1024 * 1024),
        (b"GET /" + b"x" * 1024 * 1024,),
        (HEAD + b"transfer-encoding: chunked\r\n\r\n", b"2\r\nab\r\n0\r\n", MANY),
        (HEAD + b"\r\n", HEAD, MANY),
    ],
    ids=["many headers", "one header", "an address", "trailers", "the second request"],
)
async def test_a_head_that_does_not_end_is_cut_off(pieces: tuple[bytes, ...]):
    transport, said = fed(*pieces)
    assert transport.closed
    assert transport.written.startswith(b"HTTP/1.1 400 ")
    assert said <= LONGEST_HEAD + 2 * CHUNK


@pytest.mark.parametrize(
    "pieces",
    [
        (HEAD, b"".join(headers(LONGEST_HEAD - CHUNK)), b"\r\n"),
        (HEAD + b"content-length: 4194304\r\n\r\n", b"x" * 4 * 1024 * 1024),
        (HEAD + b"transfer-encoding: chunked\r\n\r\n", *[b"8000\r\n" + b"x" * 0x8000 + b"\r\n"] * 40, b"0\r\n\r\n"),
        tuple([HEAD + b"\r\n"] * 4000),
    ],
    ids=["a large head", "a body", "chunks", "many requests"],
)
async def test_what_is_usual_passes(pieces: tuple[bytes, ...]):
    transport, said = fed(*pieces)
    assert not transport.closed
    assert said == sum(map(len, pieces))


async def test_a_reader_who_vanished_without_a_word_is_let_go_of() -> None:
    with socket.socket() as connected:
        Bounded(Config(nobody, log_config=None), ServerState(), {}).connection_made(Transport(connected))
        assert connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == GONE_MS


NGINX = 60


@pytest.mark.parametrize(("words", "kept"), [((), KEPT), (("--timeout-keep-alive", "9"), 9)], ids=["ours", "asked for"])
def test_a_connection_at_rest_is_kept_longer_than_clients_keep_theirs(
    words: tuple[str, ...], kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, Any] = {}
    monkeypatch.setattr(sys.modules["uvicorn.main"], "run", lambda _, **options: given.update(options))
    monkeypatch.setattr(serving, "without_terminals", lambda: None)
    monkeypatch.setattr(sys, "argv", ["serving", "any:app", *words])
    with pytest.raises(SystemExit):
        serving.main()
    assert given["timeout_keep_alive"] == kept
    assert KEPT > NGINX
