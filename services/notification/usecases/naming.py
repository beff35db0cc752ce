"""Names joined to items at read time, from a copy that is read again when one of them changes."""

from services.notification.domain import Names
from services.notification.usecases.ports import KeepsFeed
from shared.kernel import Unavailable


class Naming:
    """The names of municipalities and procedures, held in memory."""

    def __init__(self, store: KeepsFeed) -> None:
        self._store = store
        self._names = Names()
        self._stale = True

    def expire(self) -> None:
        """Some name changed: read them again when next asked."""
        self._stale = True

    def at_hand(self) -> Names | None:
        """All names, where nothing needs to be read for them."""
        return None if self._stale else self._names

    async def now(self) -> Names:
        """All names as they are known."""
        if self._stale:
            self._stale = False
            try:
                self._names = Names(await self._store.names())
            except Unavailable:
                self._stale = True
                raise
        return self._names

    async def follow(self) -> None:
        """Notice what other processes store; runs until cancelled."""
        async for _ in self._store.name_changes():
            self.expire()
