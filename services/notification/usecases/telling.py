"""Telling: a batch of facts becomes inbox items and rows of the feed, which open streams then read."""

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from services.notification.domain import Entry, Facts, Item, broken_off, news
from services.notification.usecases.coming import Coming, Joined
from services.notification.usecases.metrics import DELIVERIES
from services.notification.usecases.naming import Naming
from services.notification.usecases.ports import KeepsFeed
from shared.batch import Batch
from shared.policy import EVERYTHING, Scope


class Telling:
    """What notification does with what it hears, and how the feed is read."""

    def __init__(self, store: KeepsFeed, naming: Naming, coming: Coming) -> None:
        self._store = store
        self._naming = naming
        self._coming = coming
        self._listeners: list[Callable[[Sequence[Entry]], None]] = []

    def on_told(self, listener: Callable[[Sequence[Entry]], None]) -> None:
        """Call this with the new rows of each commit of this process that made the feed longer."""
        self._listeners.append(listener)

    async def hear(self, facts: Facts, batch: Batch[Any] | None = None) -> list[Entry]:
        """Store what one batch brought, in one transaction with its progress; the new rows of the feed."""
        entries = await self._store.keep(facts, batch)
        if batch is not None:
            batch.repeats = len(news(facts.told)) - len(entries)
        self._coming.hear(facts)
        if facts.names:
            self._naming.expire()
        if entries:
            DELIVERIES.labels("inbox", "stored").inc(sum(isinstance(entry.told, Item) for entry in entries))
            for listener in self._listeners:
                listener(entries)
        return entries

    async def end(self) -> int:
        """The last number of the feed."""
        return await self._store.feed_end()

    async def why_not_behind(self, last: int) -> str | None:
        """Why a stream cannot go on behind this number, None where nothing is missing."""
        begin, end = await self._store.feed_begin(), await self._store.feed_end()
        return broken_off(last, oldest=begin, end=end)

    async def behind(
        self, number: int, *, scope: Scope = EVERYTHING, upto: int | None = None, limit: int = 500
    ) -> list[Entry]:
        """Rows of the feed behind a number."""
        return await self._store.feed(scope, after=number, upto=upto, limit=limit)

    async def joined(self, entries: Sequence[Entry]) -> Joined:
        """What is joined to these rows as they are shown."""
        return Joined(await self._naming.of(_facts(entries)), self._coming)

    def at_hand(self, entries: Sequence[Entry]) -> Joined | None:
        """The same where nothing needs to be read for them."""
        names = self._naming.at_hand(_facts(entries))
        return None if names is None else Joined(names, self._coming)

    def changes(self) -> AsyncIterator[None]:
        """Hints that another process made the feed longer."""
        return self._store.feed_changes()


def _facts(entries: Sequence[Entry]) -> list[object]:
    return [entry.told.fact for entry in entries if isinstance(entry.told, Item)]
