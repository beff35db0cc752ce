"""The HTTP doors of notification: the inbox, the live stream, webhooks."""

from services.notification.api.hub import Hub
from services.notification.api.inbox import router_of_inbox
from services.notification.api.stream import router_of_stream
from services.notification.api.webhooks import router_of_subscriptions, router_of_webhooks

ROUTERS = (router_of_inbox, router_of_stream, router_of_webhooks, router_of_subscriptions)

__all__ = ["ROUTERS", "Hub"]
