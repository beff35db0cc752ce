"""What notification can be asked to do: hear what changed, show an inbox, mark items, read the feed."""

from services.notification.usecases.inbox import Inbox, Page, Read
from services.notification.usecases.naming import Naming
from services.notification.usecases.ports import KeepsFeed, KeepsInbox
from services.notification.usecases.telling import Telling
from shared.ports import Clock


class Notification:
    """All use cases of the service."""

    def __init__(self, feed: KeepsFeed, inbox: KeepsInbox, *, clock: Clock) -> None:
        self.naming = Naming(feed)
        self.telling = Telling(feed, self.naming)
        self.inbox = Inbox(inbox, self.naming, clock=clock)

    async def load(self) -> None:
        """Read the names before the first request."""
        await self.naming.now()


__all__ = ["Inbox", "KeepsFeed", "KeepsInbox", "Naming", "Notification", "Page", "Read", "Telling"]
