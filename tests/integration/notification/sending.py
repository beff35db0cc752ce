"""The sending side for the tests: stores, use cases and couriers over one database, patient for moments only.

Run as a program (address of MongoDB, database, owner) it is a courier in a process of its own, to be killed.
"""

import asyncio
import base64
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from services.notification.api.shown import show_entry
from services.notification.api.webhooks import Courier, Posting
from services.notification.domain.webhooks import Asked, Delivery, Patience, Rules, Wanted, Webhook
from services.notification.store import SCHEMAS, ComingStore, DeliveryStore, FeedStore, InboxStore, Vault, WebhookStore
from services.notification.usecases import Notification
from services.notification.usecases.webhooks import Delivering, Outside, Sending, Webhooks
from shared.mongo import Database, Mongo
from shared.policy import EVERYTHING

KEY = "a key of the tests, long enough for them"
SECRET = f"whsec_{base64.b64encode(b'7' * 32).decode()}"
QUICK = Patience(first=timedelta(milliseconds=30), longest=timedelta(milliseconds=120), lasting=timedelta(seconds=30))
KINDS = ("score_changed", "rating_changed")


@dataclass
class World:
    """Everything that sends, over one database."""

    database: Database
    patience: Patience = QUICK
    key: str = KEY
    posting: Posting = field(default_factory=lambda: Posting(Rules(private=True), seconds=10))

    def __post_init__(self) -> None:
        vault, mongo = Vault(self.key), self.database.mongo
        self.feed = FeedStore(self.database)
        coming = ComingStore(self.database)
        self.uses = Notification(self.feed, InboxStore(self.database), coming, clock=mongo.clock)
        self.deliveries = DeliveryStore(self.database, vault)
        sending = Sending(self.posting, show_entry, self.patience, mongo.clock, random.random)
        self.delivering = Delivering(self.deliveries, self.feed, self.uses.telling, sending)
        outside = Outside(mongo.clock, mongo.ids, lambda _: b"7" * 32, self.posting, show_entry)
        store = WebhookStore(self.database, vault)
        self.webhooks = Webhooks(store, self.deliveries, self.feed, self.uses.telling, outside=outside)

    async def hook(self, url: str, *, municipality: str | None = None, kinds: tuple[str, ...] = KINDS) -> str:
        """The id of a new webhook of the staff."""
        told = await self.webhooks.register(Wanted(url, kinds, municipality), EVERYTHING)
        return told.webhook.id

    async def of(self, webhook: str) -> Webhook:
        """A webhook as it is now."""
        return await self.webhooks.one(EVERYTHING, webhook)

    async def put(self, webhook: str, state: str) -> None:
        """Pause or resume."""
        await self.webhooks.put(EVERYTHING, webhook, state, expected=(await self.of(webhook)).revision)

    async def in_state(self, state: str = "delivered") -> list[Delivery]:
        """All deliveries in this state, the oldest first."""
        return (await self.deliveries.deliveries(EVERYTHING, Asked(state=state, limit=10_000)))[::-1]

    @asynccontextmanager
    async def courier(self, owner: str = "notification-1") -> AsyncIterator[Courier]:
        """A courier at work."""
        made = Courier(self.delivering, owner)
        self.uses.telling.on_told(made.wake)
        tasks = [asyncio.create_task(one()) for one in (made.run, self.posting.hold)]
        try:
            yield made
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def main(uri: str, name: str, owner: str) -> None:
    """A courier until it is killed."""
    world = World(Mongo(uri, by=owner).database(name, SCHEMAS))
    async with world.courier(owner):
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
