"""A connection as a protocol of the server sees it, without a network."""

import socket


class Transport:
    """A connection that keeps what was written to it."""

    def __init__(self, connected: socket.socket | None = None) -> None:
        self.written = b""
        self.closed = False
        self.connected = connected

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def get_extra_info(self, name: str) -> socket.socket | None:
        return self.connected if name == "socket" else None

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...
