"""Settings and wiring of notification; nothing connects before the application starts."""

import random
import secrets
from datetime import timedelta

from fastapi import FastAPI

from services.notification import consumers
from services.notification.api import ROUTERS, Hub
from services.notification.api.shown import show_entry
from services.notification.api.webhooks import Courier, Posting
from services.notification.domain.webhooks import Patience, Rules
from services.notification.events import DeliveryFailed
from services.notification.store import SCHEMAS, ComingStore, DeliveryStore, FeedStore, InboxStore, Vault, WebhookStore
from services.notification.usecases import Notification
from services.notification.usecases.webhooks import Delivering, Outside, Sending, Webhooks
from shared.service import Service
from shared.settings import Settings, load


def create(settings: Settings | None = None) -> FastAPI:
    """The application of the service."""
    service = Service("notification", settings or load(), title="Уведомления", schemas=SCHEMAS)
    feed = FeedStore(service.database, home=service.settings.region)
    coming = ComingStore(service.database)
    uses = Notification(feed, InboxStore(service.database), coming, clock=service.clock)
    hub = Hub(uses.telling, service.draining, each=service.settings.streams_each)
    service.listen(*consumers.listeners(uses))
    service.warm(uses.load)
    following = (uses.naming.follow, uses.coming.follow_plans, uses.coming.follow_advice)
    for work in (*following, hub.run, hub.listen, hub.drain):
        service.background(work)
    app = service.app(uses, routers=ROUTERS, tells=[DeliveryFailed], hears=consumers.HEARS)
    app.state.hub = hub
    app.state.webhooks = _webhooks(service, feed, uses)
    return app


def _webhooks(service: Service, feed: FeedStore, uses: Notification) -> Webhooks:
    """Webhooks: what the doors ask for, and, where this process works, the courier that sends."""
    settings, clock = service.settings, service.clock
    vault = Vault(settings.webhook_key.get_secret_value() if settings.webhook_key else None)
    deliveries = DeliveryStore(service.database, vault)
    posting = Posting(Rules(insecure=settings.local, private=settings.webhook_private))
    if settings.works:
        patience = Patience(
            first=timedelta(seconds=settings.webhook_retry_seconds),
            lasting=timedelta(hours=settings.webhook_retry_hours),
        )
        sending = Sending(posting, show_entry, patience, clock, random.random)
        courier = Courier(Delivering(deliveries, feed, uses.telling, sending), service.instance)
        uses.telling.on_told(courier.wake)
        service.background(courier.run)
    outside = Outside(clock, service.ids, secrets.token_bytes, posting, show_entry)
    return Webhooks(WebhookStore(service.database, vault), deliveries, feed, uses.telling, outside=outside)
