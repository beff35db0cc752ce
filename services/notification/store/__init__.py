"""What notification keeps in MongoDB; every read is narrowed to the scope here."""

from services.notification.store.feed import FeedStore
from services.notification.store.inbox import InboxStore
from services.notification.store.schemas import SCHEMAS

__all__ = ["SCHEMAS", "FeedStore", "InboxStore"]
