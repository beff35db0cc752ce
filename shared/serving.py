"""The HTTP server of every service: `python -m shared.serving`, uvicorn with a bound on the heads of requests."""

from typing import Final

import uvicorn
from uvicorn.config import HTTP_PROTOCOLS
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from shared.lean import without_terminals

LONGEST_HEAD: Final = 64 * 1024


class BoundedHeads(HttpToolsProtocol):
    """uvicorn's protocol by httptools, which keeps headers of any size until they end: here they are 400 at 64 KiB.

    Counted is what came since a head ended or a part of a body began, so trailers behind a body are bounded, too.
    A chunk that holds a whole head passes; the loop reads 256 KiB at once.
    """

    _unfinished = 0

    def data_received(self, data: bytes) -> None:
        """Take what came; end the connection where a head does not end."""
        self._unfinished += len(data)
        super().data_received(data)
        if self._unfinished > LONGEST_HEAD and not self.transport.is_closing():
            self.send_400_response("Request headers are too large.")

    def on_headers_complete(self) -> None:
        """A head has ended."""
        self._unfinished = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of a body has come; how much of it may come is the door's to say."""
        self._unfinished = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """A request has ended."""
        self._unfinished = 0
        super().on_message_complete()


def main() -> None:
    """Run uvicorn's command line; its `--http httptools` is bounded."""
    without_terminals()
    HTTP_PROTOCOLS["httptools"] = f"{__spec__.name}:{BoundedHeads.__name__}"
    uvicorn.main()


if __name__ == "__main__":
    main()
