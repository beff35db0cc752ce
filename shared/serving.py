"""The HTTP server of every service: `python -m shared.serving`, uvicorn with bounds on what a request may take."""

import asyncio
import socket
from typing import Final

import uvicorn
from uvicorn.config import HTTP_PROTOCOLS
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from shared.lean import without_terminals

LONGEST_HEAD: Final = 64 * 1024
# For a head from its first byte, for a connection until it says anything, for a body between two parts of it.
PATIENCE: Final = 20.0
# What was sent and is not acknowledged for so long went to somebody who vanished without a word; Linux asks on for
# a quarter of an hour, and a live stream would take one of its reader's places all that time.
GONE_MS: Final = 60_000
# How long a connection at rest is kept: longer than clients keep theirs (httpx 5 seconds, nginx 60). Where both end it
# at the same moment, a request gets no answer, and a POST is not repeated by itself: uvicorn's 5 seconds are httpx's.
KEPT: Final = 75


class Bounded(HttpToolsProtocol):
    """uvicorn's protocol by httptools, which waits for ever and keeps headers of any size until they end.

    Here a head is 400 at 64 KiB, and what does not come on is 408 after 20 seconds. Counted is what came since a head
    ended or a part of a body began, so trailers behind a body are bounded, too. A chunk that holds a whole head passes;
    the loop reads 256 KiB at once.
    """

    _unfinished = 0
    _begun = False
    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Wait for the first request; let the connection end by itself where nobody is at its other end any more."""
        super().connection_made(transport)
        if (connected := transport.get_extra_info("socket")) is not None:
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, GONE_MS)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._rest()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came; end the connection where a head does not end."""
        self._unfinished += len(data)
        super().data_received(data)
        if self._unfinished > LONGEST_HEAD and not self.transport.is_closing():
            self.send_400_response("Request headers are too large.")
        if not self._begun and _is_answered(self.cycle):
            self._rest()
        elif self._waiting is None:
            self._wait()

    def on_message_begin(self) -> None:
        """A request has begun to come."""
        self._begun = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """A head has ended."""
        self._unfinished = 0
        self._rest()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of a body has come; how much of it may come is the door's to say."""
        self._unfinished = 0
        self._rest()
        super().on_body(body)

    def on_message_complete(self) -> None:
        """A request has come whole."""
        self._unfinished = 0
        self._begun = False
        super().on_message_complete()

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(PATIENCE, self._tire)

    def _rest(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _tire(self) -> None:
        """End a connection that keeps us waiting, unless it waits for us."""
        self._waiting = None
        if self.transport.is_closing():
            return
        answering = _is_answered(self.cycle)
        if self.flow.read_paused or (answering and not self.cycle.more_body):
            self._wait()
            return
        if self._begun and not (answering and self.cycle.response_started):
            self.transport.write(STATUS_LINE[408] + b"content-length: 0\r\nconnection: close\r\n\r\n")
        self.transport.close()


def _is_answered(cycle: RequestResponseCycle | None) -> bool:
    """Whether a request is being answered; a connection has none at first, whatever uvicorn's types say."""
    return cycle is not None and not cycle.response_complete


def main() -> None:
    """Run uvicorn's command line; its `--http httptools` is bounded, and it keeps connections at rest for longer."""
    without_terminals()
    from shared.ending import own_code  # not before: its log would draw them in

    HTTP_PROTOCOLS["httptools"] = f"{__spec__.name}:{Bounded.__name__}"
    with own_code():
        uvicorn.main(default_map={"timeout_keep_alive": KEPT})


if __name__ == "__main__":
    main()
