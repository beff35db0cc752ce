"""Fetching that ended by itself, of an error of its own, after which polls wait for ever.

Nothing in aiokafka begins it anew, and its own stop breaks off there: what it left under way is cleared away before.
"""

import asyncio
from collections.abc import Iterable
from typing import Any

from aiokafka import AIOKafkaConsumer


def broken(consumer: AIOKafkaConsumer | None) -> bool:
    """Whether fetching has ended although nobody stopped this consumer; for good, where it is so."""
    fetcher: Any = getattr(consumer, "_fetcher", None)
    return fetcher is not None and fetcher._fetch_task.done() and not fetcher._closed  # noqa: SLF001 - nothing else tells it


def reason(task: asyncio.Task[Any]) -> str:
    """Of which kind of error a task ended; its text may quote what was read, and stands where the library logged it."""
    if task.cancelled():
        return "cancelled"
    error, kinds = task.exception(), []
    while error is not None:
        kinds.append(type(error).__name__)
        error = error.__cause__
    return " of ".join(kinds) or "returned"


async def clear_away(consumers: Iterable[AIOKafkaConsumer | None]) -> None:
    """Let the stop of such consumers go through: aiokafka awaits what failed, and what it cancels, and raises that.

    The client would stay open then, and the stops of all other groups, which go on beside this one, be cancelled.
    """
    for consumer in consumers:
        if consumer is not None and broken(consumer):
            await _clear(consumer._fetcher)  # noqa: SLF001 - as above


async def _clear(fetcher: Any) -> None:
    left = list(fetcher._pending_tasks)  # noqa: SLF001 - as above
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    fetcher._pending_tasks.clear()  # noqa: SLF001 - as above
    fetcher._fetch_task = asyncio.create_task(asyncio.sleep(0))  # noqa: SLF001 - as above
