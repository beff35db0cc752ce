"""How late the event loop wakes: the first sign of something that blocks it."""

import asyncio
import time

from shared.telemetry.metrics import LOOP_LAG


async def watch_loop(period: float = 0.5) -> None:
    """Measure, until cancelled, how late the loop wakes a timer of `period` seconds."""
    while True:
        before = time.perf_counter()
        await asyncio.sleep(period)
        LOOP_LAG.set(max(0.0, time.perf_counter() - before - period))
