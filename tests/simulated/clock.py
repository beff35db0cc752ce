"""An event loop whose clock is moved instead of waited for: hours pass in a moment, and each run is the same."""

import asyncio
import selectors
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

# Far from 0, as a monotonic clock of a machine is.
BEGINNING = 1000.0
# What each turn of the loop takes: who waits for a moment that is less than this does not wait for ever.
TURN = 20e-6


class Stuck(AssertionError):
    """Nothing is ready, and nothing will ever be: everybody waits for somebody else."""


class _Selector(selectors.SelectSelector):
    """Waits for nothing: where there is nothing to do, the clock goes on to what is next."""

    def __init__(self) -> None:
        super().__init__()
        self.now = BEGINNING

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise Stuck
        self.now += max(timeout, TURN)
        return []


def run(body: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """What the body returns, on a loop of its own; each clock that is asked meanwhile is the loop's."""
    selector = _Selector()
    with _clocks(lambda: selector.now), asyncio.Runner(loop_factory=lambda: _loop(selector)) as runner:
        return runner.run(body())


async def passes(seconds: float) -> None:
    """So long others have their turn."""
    if seconds <= 0:
        await asyncio.sleep(0)
        return
    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    timer = loop.call_later(seconds, over.set)
    try:
        await over.wait()
    finally:
        timer.cancel()


def spend(seconds: float) -> None:
    """So long the processor works, and nobody else is heard."""
    selector: _Selector = asyncio.get_running_loop()._selector
    selector.now += seconds


def _loop(selector: _Selector) -> asyncio.AbstractEventLoop:
    return asyncio.SelectorEventLoop(selector)


@contextmanager
def _clocks(now: Callable[[], float]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patching:
        for name in ("monotonic", "perf_counter"):
            patching.setattr(time, name, now)
        yield
