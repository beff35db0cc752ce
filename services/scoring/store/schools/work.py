"""What is computed over stored facts in a process of its own: a line that says what, then the facts as stored."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, BinaryIO

import orjson

from services.scoring.domain.signs.tables import Wanted, signs_of
from shared.mongo.raw import documents


async def told_first(wanted: Mapping[str, Any], facts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The stream that the works here read."""
    yield orjson.dumps(wanted) + b"\n"
    async for chunk in facts:
        yield chunk


def look_for_signs(stream: BinaryIO) -> bytes:
    """The signs of a year, in the other process."""
    told = orjson.loads(stream.readline())
    wanted = Wanted(told["year"], told["keys"], told["parameters"])
    return orjson.dumps(signs_of(wanted, documents(stream)))
