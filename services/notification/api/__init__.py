"""The HTTP doors of notification: the inbox and the live stream."""

from services.notification.api.hub import Hub
from services.notification.api.inbox import router_of_inbox
from services.notification.api.stream import router_of_stream

ROUTERS = (router_of_inbox, router_of_stream)

__all__ = ["ROUTERS", "Hub"]
