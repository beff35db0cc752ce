"""Deliveries of one webhook on their way: started, awaited, written down together."""

import asyncio
import time
from asyncio import FIRST_COMPLETED
from collections import deque
from typing import Any

from services.notification.domain.webhooks import Attempt, Delivery, Webhook
from services.notification.usecases.webhooks import Delivering

# What has ended is written down together with what ends soon after: fewer writes, and after a kill a few more repeats.
WRITE_MANY = 16
WRITE_SECONDS = 0.05


class Load:
    """Deliveries of one webhook on their way: some are being sent, some have ended and are being written down."""

    def __init__(self, delivering: Delivering, webhook: Webhook, rows: deque[Delivery]) -> None:
        self.taken = False
        self._delivering = delivering
        self._webhook = webhook
        self._rows = rows
        self._running: set[asyncio.Task[Attempt]] = set()
        self._ended: list[Attempt] = []
        self._since = 0.0
        self._writing: set[asyncio.Task[None]] = set()

    async def go_on(self, at_once: int, *, seconds: float) -> bool:
        """Start what there is room for, then wait until something happens; False when everything is written down."""
        while self._rows and len(self._running) < at_once:
            attempt = self._delivering.attempt(self._webhook, self._rows.popleft())
            self._running.add(asyncio.create_task(attempt))
        if self._to_write():
            self._writing = {asyncio.create_task(self._delivering.settle(self._ended))}
            self._ended = []
        waiting: set[asyncio.Task[Any]] = {*self._running, *self._writing}
        if not waiting:
            return False
        patience = WRITE_SECONDS if self._ended and not self._writing else seconds
        done, _ = await asyncio.wait(waiting, timeout=patience, return_when=FIRST_COMPLETED)
        self._note(self._running & done)
        for one in self._writing & done:
            one.result()
        self._running -= done
        self._writing -= done
        return True

    def go_on_as(self, webhook: Webhook | None) -> None:
        """Send what is still to be started as the webhook is now; nothing of it where it is not to be sent to."""
        if webhook is None:
            self._rows.clear()
        else:
            self._webhook = webhook

    def drop(self) -> None:
        """Leave what is on its way; it is sent again, since nothing is written of it."""
        for one in (*self._running, *self._writing):
            one.cancel()

    def _to_write(self) -> bool:
        """Whether what has ended is to be written down now: enough of it, nothing follows, or it has waited."""
        if not self._ended or self._writing:
            return False
        return len(self._ended) >= WRITE_MANY or not self._running or time.monotonic() - self._since >= WRITE_SECONDS

    def _note(self, done: set[asyncio.Task[Attempt]]) -> None:
        """Keep what has ended until it is written down, together with what ends meanwhile."""
        if done and not self._ended:
            self._since = time.monotonic()
        self._ended += [one.result() for one in done]
        self.taken = self.taken or any(one.result().answer.taken for one in done)
