"""How much of an answer is read at all, also where the library would read on without end.

Of interim answers (1xx) any number may come before the real one, httpcore takes them all, and each costs the loop.
"""

import ssl
from typing import Any

import httpx

# Many times what a head and the beginning of a body need; and how much of it is looked at before others have a turn.
MOST, PIECE = 64 * 1024, 4096


def limit(transport: httpx.AsyncHTTPTransport) -> httpx.AsyncHTTPTransport:
    """From now on an answer over this transport breaks off where it says too much."""
    pool: Any = transport._pool  # noqa: SLF001 - httpx hands no network of ours through
    pool._network_backend = _Network(pool._network_backend)  # noqa: SLF001 - as above
    return transport


class _Network:
    """Connects as httpcore does."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    async def connect_tcp(self, *where: Any, **how: Any) -> "_Stream":
        return _Stream(await self._inner.connect_tcp(*where, **how))


class _Stream:
    """One connection; each request gives its answer the whole room."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self._left = MOST

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - as in httpcore
        if self._left <= 0:
            raise httpx.ReadError("the answer is too long")
        found: bytes = await self._inner.read(min(max_bytes, PIECE), timeout)
        self._left -= len(found)
        return found

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - as in httpcore
        self._left = MOST
        await self._inner.write(buffer, timeout)

    async def start_tls(self, ssl_context: ssl.SSLContext, *more: Any, **how: Any) -> "_Stream":
        return _Stream(await self._inner.start_tls(ssl_context, *more, **how))

    async def aclose(self) -> None:
        await self._inner.aclose()

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
