"""Work that others may be faster at: done again over what they have stored, some times."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from services.scoring.domain.mirror import Overtaken
from shared.kernel import Unavailable

ATTEMPTS = 5
T = TypeVar("T")


def gave_up() -> Unavailable:
    """Others were faster each time."""
    return Unavailable("scoring: overtaken again and again")


async def again(
    work: Callable[[], Awaitable[T]],
    *,
    between: Callable[[], Awaitable[object]] | None = None,
    attempts: int = ATTEMPTS,
) -> T:
    """Its outcome; `between` catches up with those who were faster. Raises Unavailable where they always are."""
    for _ in range(attempts):
        try:
            return await work()
        except Overtaken:
            if between is not None:
                await between()
    raise gave_up()
