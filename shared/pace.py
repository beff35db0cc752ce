"""Paced work: done at once when asked for, then at most once in a while per key, however often it is asked for."""

import asyncio
import contextlib
import math
import time
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from shared.kernel import Unavailable

Key = TypeVar("Key", bound=Hashable)


class Pace(Generic[Key]):
    """Runs `work(key)` for keys that were woken; `run` goes on until cancelled.

    `share`: work that takes long is done so seldom that it takes no more of the time, though never more seldom than
    every `most` seconds.
    """

    def __init__(
        self, work: Callable[[Key], Awaitable[None]], *, every: float, share: float = 1.0, most: float = math.inf
    ) -> None:
        self._work = work
        self._every, self._share, self._most = every, share, most
        self._due: dict[Key, float] = {}
        self._next_at: dict[Key, float] = {}
        self._woken = asyncio.Event()

    def wake(self, key: Key) -> None:
        """Ask for the work; at once if it was not done within the pace, else when the pace allows."""
        if key not in self._due:
            self._due[key] = self._next_at.get(key, -math.inf)
            self._woken.set()

    async def run(self) -> None:
        """Do what is due; work that finds something away is tried again after the pace."""
        while True:
            key = await self._next()
            began = time.monotonic()
            self._next_at[key] = began + self._every
            try:
                await self._work(key)
            except Unavailable:
                self.wake(key)
            self._rest(key, began)

    def _rest(self, key: Key, began: float) -> None:
        """After work that took long, rest for longer."""
        took = time.monotonic() - began
        self._next_at[key] = began + max(self._every, min(took / self._share, self._most))
        if key in self._due:
            self._due[key] = self._next_at[key]

    async def _next(self) -> Key:
        """The first key that is due, taken from those that wait."""
        while True:
            self._woken.clear()
            key = min(self._due, key=self._due.__getitem__, default=None)
            wait = None if key is None else self._due[key] - time.monotonic()
            if key is not None and wait is not None and wait <= 0:
                del self._due[key]
                return key
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), wait)
