"""Resident memory of processes, and when it has come to rest."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import psutil

from benchmarks.ground import until

if TYPE_CHECKING:
    from collections.abc import Iterable

MIB = 2**20
# At rest: for so many looks, one a second, it stayed within so many MiB.
LOOKS, STILL = 4, 1.0


def resident(pid: int) -> float:
    """MiB that a process has now; 0 where it is gone."""
    try:
        return float(psutil.Process(pid).memory_info().rss) / MIB
    except psutil.NoSuchProcess:
        return 0.0


def settle(pids: Iterable[int]) -> None:
    """Wait until the memory of these processes is at rest; Failed when it never is."""
    watched, seen = tuple(pids), list[list[float]]()

    async def still() -> bool:
        seen.append([resident(pid) for pid in watched])
        last = list(zip(*seen[-LOOKS:], strict=True))
        return len(seen) >= LOOKS and all(max(one) - min(one) < STILL for one in last)

    asyncio.run(until(still, pause=1.0))
