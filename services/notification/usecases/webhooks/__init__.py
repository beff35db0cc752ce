"""What can be done with webhooks, and what the worker does for them."""

from services.notification.usecases.webhooks.delivering import Delivering, Sending
from services.notification.usecases.webhooks.hearing import heard
from services.notification.usecases.webhooks.managing import REPLAY_MOST, Outside, Replayed, Webhooks
from services.notification.usecases.webhooks.ports import KeepsDeliveries, KeepsWebhooks, Posts, Render

__all__ = [
    "REPLAY_MOST",
    "Delivering",
    "KeepsDeliveries",
    "KeepsWebhooks",
    "Outside",
    "Posts",
    "Render",
    "Replayed",
    "Sending",
    "Webhooks",
    "heard",
]
