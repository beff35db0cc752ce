"""A client's pause that ends early when it is told to stop."""

import asyncio
import contextlib


async def pause(seconds: float, stopping: asyncio.Event | None = None) -> None:
    """Wait so long, or until stopping."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for((stopping or asyncio.Event()).wait(), seconds)
