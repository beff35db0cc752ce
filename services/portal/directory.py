"""The municipalities as the registry told them last: kept in memory, asked for again when that has grown old."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from services.portal.clients import Services
from services.portal.show.region import Place, Region, read_region
from shared.calendar import day_of
from shared.ports import Clock

# A reform is seen within this time; pages are made from memory meanwhile.
KEPT, SOON = timedelta(seconds=10), timedelta(seconds=1)
PATIENCE = 1.0


class Directory:
    """The region in memory; `places` on the tile map for municipalities whose place the registry does not know."""

    def __init__(self, clock: Clock, places: Mapping[str, Place]) -> None:
        self.region = Region()
        self._clock = clock
        self._places = places
        self._due = clock()
        self._reading: asyncio.Task[None] | None = None

    async def fresh(self, services: Services) -> None:
        """Read again what has grown old, beside the page being made; only who finds nothing waits for it."""
        if self._clock() >= self._due and (self._reading is None or self._reading.done()):
            self._due = self._clock() + KEPT
            self._reading = asyncio.create_task(self._read(services), name="directory")
        if not self.region.units and self._reading is not None:
            await asyncio.shield(self._reading)

    async def close(self) -> None:
        """Stop reading."""
        if self._reading is not None:
            self._reading.cancel()
            with suppress(asyncio.CancelledError):
                await self._reading

    async def _read(self, services: Services) -> None:
        """All pages; what was known stays where the registry does not answer."""
        items: list[Any] = []
        cursor: str | None = ""
        while cursor is not None:
            asked = {"limit": "200"} | ({"cursor": cursor} if cursor else {})
            answer = await services.get("registry", "/v1/municipalities", params=asked, patience=PATIENCE)
            if not answer.ok:
                self._due = self._clock() + SOON
                return
            items += answer.items
            cursor = answer.body["next"]
        today = day_of(self._clock())
        self.region = read_region(items, self._places, today)
        if not items:
            self._due = self._clock() + SOON
