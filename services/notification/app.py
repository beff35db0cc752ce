"""Settings and wiring of notification; nothing connects before the application starts."""

from fastapi import FastAPI

from services.notification import consumers
from services.notification.api import ROUTERS, Hub
from services.notification.events import DeliveryFailed
from services.notification.store import FeedStore, InboxStore
from services.notification.usecases import Notification
from shared.service import Service
from shared.settings import Settings, load


def create(settings: Settings | None = None) -> FastAPI:
    """The application of the service."""
    service = Service("notification", settings or load(), title="РСОКО: уведомления")
    uses = Notification(FeedStore(service.database), InboxStore(service.database))
    hub = Hub(uses.telling, service.draining)
    service.listen(*consumers.listeners(uses))
    service.warm(uses.load)
    for work in (uses.naming.follow, hub.run, hub.listen, hub.drain):
        service.background(work)
    app = service.app(uses, routers=ROUTERS, tells=[DeliveryFailed], hears=consumers.HEARS)
    app.state.hub = hub
    return app
