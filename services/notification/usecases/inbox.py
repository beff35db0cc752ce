"""Reading the inbox: pages, marks, what is left unread."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.notification.domain import (
    NOTHING,
    WHOLE,
    Asked,
    Following,
    Item,
    Names,
    Reader,
    last_day,
    reached,
    read_at,
)
from services.notification.usecases.coming import Coming
from services.notification.usecases.naming import Naming
from services.notification.usecases.ports import KeepsInbox
from shared.calendar import day_of
from shared.kernel import FieldError, NotFound, Refused
from shared.ports import Clock


@dataclass(frozen=True, slots=True)
class Read:
    """An item as one person sees it."""

    item: Item
    read_at: datetime | None
    following: Following = NOTHING


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the inbox; `following` is the number under which the next one begins."""

    items: Sequence[Read]
    names: Names
    unread: int
    following: int | None


class Inbox:
    """What a person can do with the inbox."""

    def __init__(self, store: KeepsInbox, naming: Naming, coming: Coming, *, clock: Clock) -> None:
        self._store = store
        self._naming = naming
        self._coming = coming
        self._clock = clock

    async def municipality(self, key: str, period: str | None = None) -> str:
        """The id behind an id or an OKTMO code, as it was at the end of a period, as it is today without one."""
        day = last_day(period) if period else None
        return (await self._naming.now()).id_of(key, day or self._today())

    async def check_there(self, municipality: str, text: str) -> None:
        """Refused where there is no municipality of this id, which this text was taken for."""
        if municipality != WHOLE and (await self._naming.now()).lacks(municipality):
            remedy = "Укажите id или код ОКТМО из /v1/municipalities."
            error = FieldError("/municipality", "unknown-municipality", f"Муниципалитета «{text[:100]}» нет.", remedy)
            raise Refused("invalid-request", "Запрос не принят", error.message, errors=[error])

    async def page(self, reader: Reader, asked: Asked) -> Page:
        """Items newest first, each with the moment when this person read it."""
        found = await self._store.items(reader.scope, replace(asked, limit=asked.limit + 1))
        items = found[: asked.limit]
        marks = await self._store.marks(reader.subject, [item.id for item in items])
        advice = await self._store.advice(items)
        steps, names = await self._store.steps(reader), await self._naming.of(item.fact for item in items)
        return Page(
            items=[
                Read(item, read_at(item.number, marks.get(item.id), steps), self._coming.after(item, names, advice))
                for item in items
            ],
            names=names,
            unread=await self._store.unread(reader, asked.municipality, reached(steps)),
            following=items[-1].number if len(found) > asked.limit else None,
        )

    async def mark(self, reader: Reader, item: str, *, read: bool) -> tuple[Read, Names]:
        """Mark an item as read or take it back; doing so twice changes nothing."""
        found = await self._store.mark(reader, item, read=read)
        if found is None:
            raise _unknown(item)
        marked, at = found
        advice, names = await self._store.advice([marked]), await self._naming.of([marked.fact])
        return Read(marked, at, self._coming.after(marked, names, advice)), names

    async def mark_up_to(self, reader: Reader, item: str) -> int:
        """Mark an item and all older ones as read; how many newer ones are left unread."""
        if not await self._store.mark_up_to(reader, item):
            raise _unknown(item)
        return await self._store.unread(reader, None, reached(await self._store.steps(reader)))

    def _today(self) -> date:
        return day_of(self._clock())


def _unknown(item: str) -> NotFound:
    detail = f"Уведомления «{item[:200]}» нет среди доступных вам. Возьмите id из списка /v1/inbox."
    return NotFound("item-not-found", "Уведомление не найдено", detail)
