"""The one door to motor's threads, for those who have several commands to do there in one way and back."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from motor.frameworks import asyncio as framework
from motor.frameworks.asyncio import run_on_executor

# More than connections. Motor takes five for each processor, and each is held as long as its command: ten writes that
# wait for a majority (secondaries that lag, a primary that steps down) kept all reads and `/readyz` waiting with them.
THREADS = 64
framework._EXECUTOR = ThreadPoolExecutor(THREADS, thread_name_prefix="mongodb")  # noqa: SLF001 - else by the environment


async def in_thread(work: Callable[..., Any], *args: Any) -> Any:
    """What blocking work with the driver's own objects comes to."""
    return await run_on_executor(asyncio.get_running_loop(), work, *args)  # type: ignore[no-untyped-call]  # none there
