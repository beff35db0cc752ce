"""Databases whose collections stay from test to test: to make and to drop them takes longer than most tests."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence

from shared.mongo import Database, DeleteMany
from shared.mongo.schema import PLATFORM, Schema

Prepared = Callable[[Sequence[Schema]], Awaitable[Database]]
# Names that no test uses just now, by the collections that are there.
SPARE: defaultdict[frozenset[str], list[str]] = defaultdict(list)


async def prepare(database: Database, schemas: Sequence[Schema]) -> None:
    """Leave an empty database with the collections, indexes and validators of a service, and no others."""
    wanted, there = kept(schemas), set(await database.collections(""))
    if not wanted <= there:
        await database.apply([*PLATFORM, *schemas])
    await asyncio.gather(
        *(database.discard(name) for name in there - wanted),
        *(database.write(name, [DeleteMany({})]) for name in there & wanted),
    )


def kept(schemas: Sequence[Schema]) -> frozenset[str]:
    """The collections of a service."""
    return frozenset(one.collection for one in (*PLATFORM, *schemas))
