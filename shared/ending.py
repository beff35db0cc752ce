"""How a process ends itself where only a new one helps: by its own orderly stop, with an exit code of its own.

Whatever supervises it (`./rsoko up`, Compose, Kubernetes) starts it anew; not all of them ask `/livez`.
"""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Final

from shared.telemetry import log

# "Failed for now, try again later" (sysexits.h): 75. The supervisor knows it, docs/operations.md says it.
ENDED_ITSELF: Final = os.EX_TEMPFAIL
# Not before it has been up for so long: what breaks at once each time shall not have the group rebalance all the time.
SETTLED = 30.0
# Between two looks; what mends itself from one to the next ends nothing.
LOOK = 2.0
# For the requests in hand, the relay and MongoDB, beside `drain_seconds` for the batches; then it ends undrained.
CLOSING_SECONDS = 30.0

_itself = threading.Event()


async def end_where_broken(broken: Callable[[], Mapping[str, str]], *, drain_seconds: float) -> None:
    """Look on until a group is broken, for the same reason, at two looks in a row; then stop this process."""
    await asyncio.sleep(SETTLED)
    before: Mapping[str, str] = {}
    while not (lasting := dict(before.items() & (now := broken()).items())):
        before = now
        await asyncio.sleep(LOOK)
    for group, why in sorted(lasting.items()):
        log.critical("service.ends-itself", group=group, reason=why, code=ENDED_ITSELF)
    _end(within=drain_seconds + CLOSING_SECONDS)


@contextmanager
def own_code() -> Iterator[None]:
    """Around the server: where the process ended itself it exits with `ENDED_ITSELF`, else as it would have.

    uvicorn raises the signal that stopped it again, with the handler from before it.
    """
    signal.signal(signal.SIGTERM, _raised_again)
    try:
        yield
    finally:
        if _itself.is_set():
            sys.exit(ENDED_ITSELF)


def _end(*, within: float) -> None:
    _itself.set()
    late = threading.Timer(within, os._exit, (ENDED_ITSELF,))
    late.daemon = True
    late.start()
    signal.raise_signal(signal.SIGTERM)


def _raised_again(number: int, frame: FrameType | None) -> None:
    del frame
    if not _itself.is_set():
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)
