"""What is kept of webhooks: addresses with sealed secrets, deliveries, leases of the workers."""

from services.notification.store.webhooks.deliveries import DeliveryStore
from services.notification.store.webhooks.schemas import WEBHOOK_SCHEMAS
from services.notification.store.webhooks.vault import Vault
from services.notification.store.webhooks.webhooks import WebhookStore

__all__ = ["WEBHOOK_SCHEMAS", "DeliveryStore", "Vault", "WebhookStore"]
