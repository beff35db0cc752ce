"""Sessions kept from one transaction to the next: to begin one is a way to the driver's threads and back."""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorClientSession

IDLE_MOST = 20


class Sessions:
    """Idle sessions of a client; one that saw trouble is ended, never used again."""

    def __init__(self, client: "AsyncIOMotorClient[dict[str, Any]]") -> None:
        self._client = client
        self._idle: list[AsyncIOMotorClientSession] = []
        # Of its own: in a silent network the driver's threads are all taken, and these would take more of them.
        self._ends = ThreadPoolExecutor(2, thread_name_prefix="end-session")

    @asynccontextmanager
    async def one(self) -> "AsyncIterator[AsyncIOMotorClientSession]":
        """A session for one transaction at a time.

        Not causally consistent: each transaction reads the newest snapshot of the primary, and a session that is
        used again must not wait for the time of a store that has been set back meanwhile.
        """
        session = self._idle.pop() if self._idle else await self._client.start_session(causal_consistency=False)
        kept = False
        try:
            yield session
            kept = len(self._idle) < IDLE_MOST
        finally:
            if kept:
                self._idle.append(session)
            else:
                # Motor would abort what is open here and now, and hold the event loop while the network is silent.
                with suppress(RuntimeError):  # closed meanwhile: the server ends it
                    self._ends.submit(session.delegate.end_session)

    def close(self) -> None:
        """Give the idle ones back to the driver, which tells the server when the client is closed."""
        self._ends.shutdown(wait=False, cancel_futures=True)
        while self._idle:
            self._idle.pop().delegate.end_session()
