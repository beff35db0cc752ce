"""What the load does: results, batches, corrections, races, events in and out of order, bad records."""

import itertools
import random
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from tests.faults.catalogue import PERIODS, municipalities, procedures
from tests.faults.history import Channel, History, Key, Raw, Sent, Slot
from tests.faults.making import BEGIN, Maker
from tests.faults.posting import Poster
from tests.faults.sending import Sender
from tests.faults.world import World

BY_KAFKA = {"report", "late", "again", "keyless", "bad", "reused"}


class Deeds:
    """Does one thing by its name, until its outcome is known; each says whether there was anything to do."""

    def __init__(self, world: World, history: History, rng: random.Random) -> None:
        """Shuffle the places that are still free; each belongs to HTTP, to events, or to one keyless event."""
        self.history = history
        self.rng = rng
        self.maker = Maker(rng)
        self.poster = Poster(world, history, self.maker)
        self.sender = Sender(world.settings.kafka_address, history)
        free = [Key(*key) for key in itertools.product(sorted(municipalities()), PERIODS, sorted(procedures()))]
        self._free = [key for key in free if key not in history.slots]
        rng.shuffle(self._free)
        self._http = [slot for slot in history.slots.values() if slot.channel == "http"]
        self._events: list[Slot] = []
        self._reports: list[tuple[Raw, Sent]] = []
        self.by_name: Mapping[str, Callable[[], Awaitable[bool]]] = {
            "accept": self._accept,
            "revise": self._revise,
            "batch": self._batch,
            "race": self._race,
            "intrude": self._intrude,
            "report": self._report,
            "late": self._late,
            "again": self._again,
            "keyless": self._keyless,
            "bad": self._bad,
            "reused": self._reused,
        }

    def _quiet(self) -> bool:
        return self.rng.random() < 0.15

    def _fresh(self, channel: Channel, count: int = 1) -> list[Slot]:
        taken, self._free = self._free[:count], self._free[count:]
        return [self.history.slot(key, channel) for key in taken]

    def _idle(self, slots: Iterable[Slot], *, least: int = 1) -> Slot | None:
        found = [slot for slot in slots if not slot.busy and slot.last >= least and slot.result]
        return self.rng.choice(found) if found else None

    async def _accept(self) -> bool:
        fresh = self._fresh("http")
        for slot in fresh:
            content = self.maker.content(slot.key.procedure)
            await self.poster.accept(slot, content, quiet=self._quiet(), repeat=self.rng.random() < 0.1)
            self._http.append(slot)
        return bool(fresh)

    async def _batch(self) -> bool:
        slots = self._fresh("http", self.rng.randint(2, 12))
        if slots:
            contents = [self.maker.content(slot.key.procedure) for slot in slots]
            await self.poster.accept_many(slots, contents, quiet=self._quiet())
            self._http += slots
        return bool(slots)

    async def _revise(self) -> bool:
        slot = self._idle(self._http)
        return bool(slot) and await self._alone(slot, self._correct(slot, 1))

    async def _race(self) -> bool:
        slot = self._idle(self._http)
        return bool(slot) and await self._alone(slot, self._correct(slot, 2))

    async def _intrude(self) -> bool:
        slot = self._idle(self._http, least=2)
        return bool(slot) and await self._alone(slot, self._pushed_in(slot))

    async def _pushed_in(self, slot: Slot) -> bool:
        await self.poster.intrude(slot, self.maker.content(slot.key.procedure))
        return True

    async def _correct(self, slot: Slot, count: int) -> bool:
        now = slot.revisions[slot.last].content
        contents = [
            self.maker.content(slot.key.procedure, withdrawable=count == 1 and not now.withdrawn) for _ in range(count)
        ]
        if news := count > 1 or contents[0] != now:
            await self.poster.revise(slot, contents, quiet=self._quiet())
        return news

    async def _alone(self, slot: Slot, deed: Awaitable[bool]) -> bool:
        slot.busy = True
        try:
            return await deed
        finally:
            slot.busy = False

    async def _report(self) -> bool:
        idle = [slot for slot in self._events if not slot.busy]
        if idle and self.rng.random() < 0.6:
            slot = self.rng.choice(idle)
        else:
            fresh = self._fresh("event")
            self._events += fresh
            slot = fresh[0] if fresh else self.rng.choice(self._events)
        slot.sent += 1
        return await self._alone(slot, self._told(slot, BEGIN + timedelta(minutes=slot.sent)))

    async def _late(self) -> bool:
        """An event older than one that was sent already: it is superseded."""
        idle = [slot for slot in self._events if not slot.busy and slot.sent > 1]
        slot = self.rng.choice(idle) if idle else None
        at = BEGIN + timedelta(seconds=self.rng.randrange(60))
        return slot is not None and await self._alone(slot, self._told(slot, at))

    async def _told(self, slot: Slot, occurred_at: datetime) -> bool:
        raw, sent = self.maker.report(slot.key, self.maker.content(slot.key.procedure), occurred_at)
        await self.sender.send(raw, sent)
        self._reports.append((raw, sent))
        return True

    async def _again(self) -> bool:
        if self._reports:
            await self.sender.send(*self.rng.choice(self._reports[-200:]))
        return bool(self._reports)

    async def _keyless(self) -> bool:
        fresh = self._fresh("single")
        for slot in fresh:
            content = self.maker.content(slot.key.procedure)
            await self.sender.send(*self.maker.report(slot.key, content, BEGIN, keyless=True))
        return bool(fresh)

    async def _bad(self) -> bool:
        key = self.rng.choice(sorted(self.history.slots))
        await self.sender.send(*self.maker.bad(key, datetime.now(UTC)))
        return True

    async def _reused(self) -> bool:
        if self._reports:
            raw, sent = self.rng.choice(self._reports[-200:])
            await self.sender.send(*self.maker.reused(raw, sent))
        return bool(self._reports)
