"""What can be done with webhooks, and what the worker does for them."""

from services.notification.usecases.webhooks.delivering import Delivering, Sending
from services.notification.usecases.webhooks.hearing import LEFT_OUT, heard
from services.notification.usecases.webhooks.managing import REPLAY_MOST, Outside, Replayed, Webhooks

__all__ = ["LEFT_OUT", "REPLAY_MOST", "Delivering", "Outside", "Replayed", "Sending", "Webhooks", "heard"]
