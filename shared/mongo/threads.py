"""The one door to motor's threads, for those who have several commands to do there in one way and back."""

import asyncio
from collections.abc import Callable
from typing import Any

from motor.frameworks.asyncio import run_on_executor


async def in_thread(work: Callable[..., Any], *args: Any) -> Any:
    """What blocking work with the driver's own objects comes to."""
    return await run_on_executor(asyncio.get_running_loop(), work, *args)  # type: ignore[no-untyped-call]  # none there
