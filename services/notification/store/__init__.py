"""What notification keeps in MongoDB; every read is narrowed to the scope here."""

from services.notification.store.coming import ComingStore
from services.notification.store.feed import FeedStore
from services.notification.store.inbox import InboxStore
from services.notification.store.schemas import SCHEMAS as TOLD_SCHEMAS
from services.notification.store.webhooks import WEBHOOK_SCHEMAS, DeliveryStore, Vault, WebhookStore

SCHEMAS = (*TOLD_SCHEMAS, *WEBHOOK_SCHEMAS)

__all__ = ["SCHEMAS", "ComingStore", "DeliveryStore", "FeedStore", "InboxStore", "Vault", "WebhookStore"]
