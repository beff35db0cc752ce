"""Turns at heavy work: one at a time, in the order of asking; who would wait behind too many is told so at once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar

from shared.kernel import TooMany, Unavailable

# So many places of a bounded queue one account may hold: it shuts out nobody.
EACH = 2
# Seconds after which to come again.
LATER = 5
_asking: ContextVar[str | None] = ContextVar("asking", default=None)


def asks_for(whose: str | None) -> None:
    """That what follows in this context is asked by this account, None for anybody or nobody."""
    _asking.set(whose)


class Turns:
    """Turns at one kind of work (`what`, for the log); `most` may wait, any number where it is None."""

    def __init__(self, what: str, *, most: int | None = None) -> None:
        self._what = what
        self._most = most
        self._free = asyncio.Semaphore()
        self._here = 0
        self._of: Counter[str | None] = Counter()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for one's turn; TooMany behind two of one's own, Unavailable behind too many of all."""
        whose = _asking.get()
        if self._most is not None and whose and self._of[whose] >= EACH:
            detail = "Дождитесь ответа на свои прежние запросы."
            raise TooMany("too-many-requests", "Слишком много запросов", detail, extra={"retry_after": LATER})
        if self._most is not None and self._here > self._most:
            raise Unavailable(f"{self._what}: too many wait", retry_after=LATER)
        self._here += 1
        self._of[whose] += 1
        try:
            async with self._free:
                yield
        finally:
            self._here -= 1
            self._of -= Counter([whose])
