"""What notification can be asked to do: hear what changed, show an inbox, mark items, read the feed."""

from services.notification.store import FeedStore, InboxStore
from services.notification.usecases.inbox import Inbox, Page, Read
from services.notification.usecases.naming import Naming
from services.notification.usecases.telling import Telling
from shared.mongo import Database


class Notification:
    """All use cases of the service, on one database."""

    def __init__(self, database: Database) -> None:
        feed = FeedStore(database)
        self.naming = Naming(feed)
        self.telling = Telling(feed, self.naming)
        self.inbox = Inbox(InboxStore(database), self.naming)

    async def load(self) -> None:
        """Read the names before the first request."""
        await self.naming.now()


__all__ = ["Inbox", "Naming", "Notification", "Page", "Read", "Telling"]
