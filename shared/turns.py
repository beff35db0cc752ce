"""Turns at heavy work: one at a time, in the order of asking; who would wait behind too many is told so at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shared.kernel import Unavailable


class Turns:
    """Turns at one kind of work (`what`, for the log); `most` may wait, any number where it is None."""

    def __init__(self, what: str, *, most: int | None = None) -> None:
        self._what = what
        self._most = most
        self._free = asyncio.Semaphore()
        self._here = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for one's turn; Unavailable behind too many."""
        if self._most is not None and self._here > self._most:
            raise Unavailable(f"{self._what}: too many wait", retry_after=5)
        self._here += 1
        try:
            async with self._free:
                yield
        finally:
            self._here -= 1
