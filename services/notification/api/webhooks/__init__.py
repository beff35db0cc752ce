"""The ways of webhooks: the doors to manage them, the courier that carries messages out."""

from services.notification.api.webhooks.courier import Courier
from services.notification.api.webhooks.doors import router_of_webhooks
from services.notification.api.webhooks.posting import Posting
from services.notification.api.webhooks.subscriptions import router_of_subscriptions

__all__ = ["Courier", "Posting", "router_of_subscriptions", "router_of_webhooks"]
