"""What the use cases need to be kept and read; the store does it."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, Protocol

from services.notification.domain import (
    AdviceFact,
    Asked,
    Entry,
    Facts,
    Item,
    Mark,
    NameFact,
    PlanFact,
    Reader,
    Step,
)
from shared.batch import Batch
from shared.policy import Scope


class KeepsFeed(Protocol):
    """What was told, in the order of the commits, and the names that belong to it."""

    async def keep(self, facts: Facts, batch: Batch[Any] | None = None) -> list[Entry]:
        """Store a batch's names and news in one transaction with its progress; the new rows."""
        ...

    async def feed_end(self) -> int:
        """The last number given."""
        ...

    async def feed_begin(self) -> int | None:
        """The first number still kept."""
        ...

    async def feed(self, scope: Scope, *, after: int, upto: int | None = None, limit: int = 500) -> list[Entry]:
        """Rows behind a number, in order."""
        ...

    def feed_changes(self) -> AsyncIterator[None]:
        """A hint for each row that another process stored."""
        ...

    async def names(self) -> list[NameFact]:
        """All names of municipalities and procedures."""
        ...

    async def organization_names(self, keys: Sequence[str]) -> list[NameFact]:
        """The names of these organisations."""
        ...

    def name_changes(self) -> AsyncIterator[None]:
        """A hint whenever a name was stored."""
        ...


class KeepsComing(Protocol):
    """Deadlines of road maps and recommendations, to be held in memory."""

    async def plans(self) -> list[PlanFact]:
        """All activities, and what is left of them."""
        ...

    async def open_advice(self) -> list[AdviceFact]:
        """All recommendations that are open."""
        ...

    def plan_changes(self) -> AsyncIterator[PlanFact | None]:
        """What other processes stored of plans; None where all is to be read."""
        ...

    def advice_changes(self) -> AsyncIterator[AdviceFact | None]:
        """What other processes stored of recommendations; None where all is to be read."""
        ...


class KeepsInbox(Protocol):
    """Items and read marks."""

    async def items(self, scope: Scope, asked: Asked) -> list[Item]:
        """Items of the scope, newest first."""
        ...

    async def advice(self, items: Sequence[Item]) -> list[AdviceFact]:
        """Recommendations that these items name."""
        ...

    async def marks(self, subject: str, items: Sequence[str]) -> dict[str, Mark]:
        """The person's marks on these items."""
        ...

    async def steps(self, reader: Reader) -> list[Step]:
        """Up to where the person marked everything as read, and when."""
        ...

    async def unread(self, reader: Reader, municipality: str | None, upto: int) -> int:
        """How many items are not read, where everything up to `upto` was read but for single marks."""
        ...

    async def mark(self, reader: Reader, item: str, *, read: bool) -> tuple[Item, datetime | None] | None:
        """Mark an item or take that back; the item and when it was read, None where there is no such item."""
        ...

    async def mark_up_to(self, reader: Reader, item: str) -> bool:
        """Mark an item and every older one; False where there is no such item."""
        ...
