"""What notification keeps in MongoDB; every read is narrowed to the scope here."""

from services.notification.store.feed import FeedStore
from services.notification.store.inbox import Asked, InboxStore, Reader
from services.notification.store.schemas import SCHEMAS

__all__ = ["SCHEMAS", "Asked", "FeedStore", "InboxStore", "Reader"]
