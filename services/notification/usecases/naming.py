"""Names joined to items at read time, from a copy that is read again when one of them changes."""

from collections.abc import Iterable

from services.notification.domain import Names, schools_of
from services.notification.usecases.ports import KeepsFeed
from shared.kernel import Unavailable


class Naming:
    """The names of municipalities and procedures, held in memory; those of schools are read for what is shown."""

    def __init__(self, store: KeepsFeed) -> None:
        self._store = store
        self._names = Names()
        self._stale = True

    def expire(self) -> None:
        """Some name changed: read them again when next asked."""
        self._stale = True

    def at_hand(self, facts: Iterable[object]) -> Names | None:
        """The names that these need, where nothing needs to be read for them."""
        return None if self._stale or schools_of(facts) else self._names

    async def of(self, facts: Iterable[object]) -> Names:
        """All names that are held, and those of the schools that these are about."""
        names, schools = await self.now(), schools_of(facts)
        return names.with_schools(await self._store.organization_names(schools)) if schools else names

    async def now(self) -> Names:
        """The names of municipalities and procedures as they are known."""
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
