"""Delivering: the feed becomes deliveries, deliveries become attempts, attempts are written down."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.notification.domain.webhooks import (
    CLOSED,
    DEAD,
    DELIVERED,
    Answer,
    Attempt,
    Delivery,
    Patience,
    Webhook,
    gap_before,
    headers_of,
    tried,
)
from services.notification.usecases.metrics import DELIVERIES
from services.notification.usecases.ports import KeepsFeed
from services.notification.usecases.telling import Telling
from services.notification.usecases.webhooks.hearing import may_hear
from services.notification.usecases.webhooks.metrics import CHANNEL, OLDEST, POST_SECONDS, SEALED
from services.notification.usecases.webhooks.ports import KeepsDeliveries, Posts, Render
from services.notification.usecases.webhooks.rendering import delivery_of
from shared.policy import EVERYTHING
from shared.ports import Clock
from shared.telemetry import log

PAGE = 200
SEALED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Sending:
    """What comes in from outside: who posts, how a row looks, the patience, the clock and the chance (0 to 1)."""

    posts: Posts
    render: Render
    patience: Patience
    clock: Clock
    chance: Callable[[], float]


class Delivering:
    """What the worker does for each webhook, step by step; the worker says when and how many at once."""

    def __init__(self, store: KeepsDeliveries, feed: KeepsFeed, telling: Telling, sending: Sending) -> None:
        self._store = store
        self._feed = feed
        self._telling = telling
        self._sending = sending
        self._looked: datetime | None = None

    async def busy(self) -> list[Webhook]:
        """The active webhooks that the feed is ahead of, or that something is due for; measures the wait."""
        await self._look_for_sealed()
        active = await self._store.active()
        if not active:
            OLDEST.set(0)
            return []
        end, pressing = await self._feed.feed_end(), await self._store.pressing([one.id for one in active])
        waited = self._sending.clock() - min(pressing.values(), default=self._sending.clock())
        OLDEST.set(max(0.0, waited.total_seconds()))
        return [one for one in active if one.place < end or one.id in pressing]

    async def _look_for_sealed(self) -> None:
        """Say once a minute to whom nothing can be sent: to the subscriber it looks as if nothing happened."""
        now = self._sending.clock()
        if self._looked is not None and now < self._looked + SEALED_EVERY:
            return
        self._looked = now
        sealed = await self._store.sealed()
        SEALED.set(len(sealed))
        if sealed:
            log.error("webhook.sealed", webhooks=len(sealed), first=sealed[0])

    async def opened(self, webhook: str) -> Webhook | None:
        """A webhook with its secrets; None where it is not to be sent to."""
        return await self._store.opened(webhook)

    async def spread(self, webhook: Webhook) -> bool:
        """Turn the next piece of the feed into deliveries, together with the webhook's place; False at the end."""
        end = await self._feed.feed_end()
        if webhook.place >= end:
            return False
        entries = await self._feed.feed(EVERYTHING, after=webhook.place, upto=end, limit=PAGE)
        joined, now = await self._telling.joined(entries), self._sending.clock()
        found = (delivery_of(webhook, one, joined, render=self._sending.render, now=now) for one in entries)
        rows = [one for one in found if one is not None]
        upto = entries[-1].number if entries else end
        gap = gap_before(webhook.place, entries[0].number if entries else end + 1)
        return await self._store.spread(webhook, upto, rows, gap) and upto < end

    async def due(self, webhook: str, limit: int) -> list[Delivery]:
        """What is to be tried now."""
        return await self._store.due(webhook, limit)

    async def attempt(self, webhook: Webhook, delivery: Delivery) -> Attempt:
        """Send once; what came of it is not yet written down.

        What its holder may not read is not sent: it may wait from before the kind was closed to them.
        """
        sending = self._sending
        if may_hear(webhook.holder, delivery.kind):
            answer = await self._posted(webhook, delivery)
        else:
            answer = Answer(CLOSED)
        after = tried(delivery, answer, sending.patience, now=sending.clock(), chance=sending.chance())
        return Attempt(delivery, after, answer)

    async def settle(self, attempts: Sequence[Attempt]) -> None:
        """Write attempts down and count them."""
        await self._store.settle(attempts)
        for one in attempts:
            DELIVERIES.labels(CHANNEL, _outcome(one)).inc()

    async def _posted(self, webhook: Webhook, delivery: Delivery) -> Answer:
        now = self._sending.clock()
        headers = headers_of(delivery.message, delivery.body, webhook.signing(now), now=now)
        answer = await self._sending.posts.post(webhook.url, headers, delivery.body)
        POST_SECONDS.observe(answer.milliseconds / 1000)
        return answer

    async def take(self, webhook: str, owner: str, seconds: float) -> bool:
        """Take or keep the lease on a webhook."""
        return await self._store.take(webhook, owner, seconds)

    async def release(self, webhook: str, owner: str) -> None:
        """Give the lease back, so that another process may go on at once."""
        await self._store.release(webhook, owner)


def _outcome(attempt: Attempt) -> str:
    if attempt.answer.closed:
        return "closed"
    return {DELIVERED: "delivered", DEAD: "dead"}.get(attempt.after.state, "retried")
