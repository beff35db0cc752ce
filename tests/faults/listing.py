"""Lists that grow at their beginning, read until what is known begins."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.faults.world import PAGE, World

Item = dict[str, Any]


@dataclass(slots=True)
class Newest:
    """One list of the API, newest first; `items` by id."""

    world: World
    service: str
    path: str
    identity: Callable[[Item], str] = lambda item: str(item["id"])
    items: dict[str, Item] = field(default_factory=dict)

    async def read(self) -> dict[str, Item]:
        """Read what is new; a whole page without news ends it."""
        cursor: dict[str, str] = {}
        while True:
            page = await self.world.get(self.service, self.path, limit=PAGE, **cursor)
            found = {self.identity(item): item for item in page["items"]}
            news = found.keys() - self.items.keys()
            self.items |= found
            if page["next"] is None or not news:
                return self.items
            cursor = {"cursor": page["next"]}

    async def whole(self) -> list[Item]:
        """Read all of it anew."""
        return [item async for item in self.world.every(self.service, self.path)]
