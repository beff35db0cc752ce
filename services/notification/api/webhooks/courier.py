"""The courier: a lane of its own for each busy webhook, so that nobody waits for another's receiver."""

import asyncio
import contextlib
import time
from collections import deque
from functools import partial

from services.notification.api.webhooks.load import Load
from services.notification.domain.webhooks import Delivery, Webhook
from services.notification.usecases.webhooks import Delivering
from shared.kernel import Unavailable
from shared.telemetry import log

POLL_SECONDS = 1.0
LEASE_SECONDS = 30.0
# What begins so much later knows of a secret replaced at once, and of a pause; a look is two short requests.
LOOK_SECONDS = 0.25
WAIT_SECONDS = 5.0
AT_ONCE = 4
PAGE = 100
LEAVE_SECONDS = 3.0


class Courier:
    """Starts a lane for each webhook that has something to send; at most one process has a webhook's lane."""

    def __init__(self, delivering: Delivering, owner: str) -> None:
        self._delivering = delivering
        self._owner = owner
        self._wake = asyncio.Event()
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._stopping = False

    def wake(self, *_: object) -> None:
        """Look at once: the feed became longer."""
        self._wake.set()

    async def run(self) -> None:
        """Until cancelled (or MongoDB is away: run it again); what is being sent may end and is written down."""
        self._stopping = False
        try:
            while True:
                await self._look()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(POLL_SECONDS):
                        await self._wake.wait()
        finally:
            await self._leave()

    async def _look(self) -> None:
        self._wake.clear()
        for webhook in await self._delivering.busy():
            if webhook.id not in self._lanes:
                lane = asyncio.create_task(self._lane(webhook.id), name="webhook-lane")
                self._lanes[webhook.id] = lane
                lane.add_done_callback(partial(self._ended, webhook.id))

    def _ended(self, webhook: str, lane: asyncio.Task[None]) -> None:
        self._lanes.pop(webhook, None)
        error = None if lane.cancelled() else lane.exception()
        if isinstance(error, Unavailable):
            log.warning("webhook.lane-waits", webhook=webhook, what=error.what)
        elif error is not None:
            log.error("webhook.lane-failed", webhook=webhook, exc_info=error)

    async def _lane(self, webhook: str) -> None:
        if not await self._delivering.take(webhook, self._owner, LEASE_SECONDS):
            return
        try:
            worked = await self._serve(webhook)
        finally:
            with contextlib.suppress(Unavailable):
                await self._delivering.release(webhook, self._owner)
        if worked:
            self._wake.set()

    async def _serve(self, webhook: str) -> bool:
        """Send until nothing is due; whether anything was."""
        worked, at_once = False, AT_ONCE
        while (found := await self._going(webhook)) is not None:
            if await self._delivering.spread(found):
                continue
            rows = await self._delivering.due(webhook, PAGE if at_once > 1 else 1)
            if not rows:
                break
            taken = await self._send(found, deque(rows), at_once)
            # A receiver that took nothing of a whole page is asked with one message at a time until it takes one.
            worked, at_once = True, AT_ONCE if taken else 1
        return worked

    async def _going(self, webhook: str) -> Webhook | None:
        """The webhook as it is now, while its lane is ours and to go on."""
        if self._stopping or not await self._delivering.take(webhook, self._owner, LEASE_SECONDS):
            return None
        return await self._delivering.opened(webhook)

    async def _send(self, webhook: Webhook, rows: deque[Delivery], at_once: int) -> bool:
        """Send these, so many at once, while what has ended is written down; whether any was taken."""
        load = Load(self._delivering, webhook, rows)
        looked = time.monotonic()
        try:
            while await load.go_on(at_once, seconds=WAIT_SECONDS):
                if time.monotonic() - looked > LOOK_SECONDS or self._stopping:
                    load.go_on_as(await self._going(webhook.id))
                    looked = time.monotonic()
        finally:
            load.drop()
        return load.taken

    async def _leave(self) -> None:
        """What is on its way may end for a moment; what is not written down by then is sent again by the next."""
        self._stopping = True
        lanes = list(self._lanes.values())
        if lanes:
            _, late = await asyncio.wait(lanes, timeout=LEAVE_SECONDS)
            for lane in late:
                lane.cancel()
            await asyncio.gather(*late, return_exceptions=True)
