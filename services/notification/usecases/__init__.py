"""What notification can be asked to do: hear what changed, show an inbox, mark items, read the feed."""

from services.notification.usecases.coming import Coming, Joined
from services.notification.usecases.inbox import Inbox, Page, Read
from services.notification.usecases.naming import Naming
from services.notification.usecases.ports import KeepsComing, KeepsFeed, KeepsInbox
from services.notification.usecases.telling import Telling
from shared.ports import Clock


class Notification:
    """All use cases of the service."""

    def __init__(self, feed: KeepsFeed, inbox: KeepsInbox, coming: KeepsComing, *, clock: Clock) -> None:
        self.naming = Naming(feed)
        self.coming = Coming(coming, clock=clock)
        self.telling = Telling(feed, self.naming, self.coming)
        self.inbox = Inbox(inbox, self.naming, self.coming, clock=clock)

    async def load(self) -> None:
        """Read the names, and what is next, before the first request."""
        await self.naming.now()
        await self.coming.load()


__all__ = ["Coming", "Joined", "Notification", "Page", "Read", "Telling"]
