"""The test kit: a clock that stands still, ids that count, and waiting for a condition with a deadline."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from inspect import isawaitable
from typing import TypeVar

T = TypeVar("T")
NOON = datetime(2022, 11, 1, 12, 0, tzinfo=UTC)


class FrozenClock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        """Go on by so many `seconds`, `minutes`, `days`, …"""
        self.now += timedelta(**by)


class CountingIds:
    """`prefix-1`, `prefix-2`, …"""

    def __init__(self, prefix: str = "id") -> None:
        self._prefix = prefix
        self._count = 0

    def __call__(self) -> str:
        self._count += 1
        return f"{self._prefix}-{self._count}"


async def eventually(
    condition: Callable[[], T | Awaitable[T]], *, within: float = 180.0, every: float = 0.05, what: str = ""
) -> T:
    """The condition's first true value; AssertionError with its last value when the deadline passes."""
    end = time.monotonic() + within
    while True:
        found = condition()
        value = await found if isawaitable(found) else found
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {within} s: {what or condition!r}; last: {value!r}")
        await asyncio.sleep(every)
