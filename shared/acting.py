"""Who asks for what is done right now, known to every coroutine without being passed (as the cause is)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

COMMAND = "command"


class Acting(NamedTuple):
    """The role and account that a door admitted, and to which action; without a request it is the service itself.

    Of an operator's command the role is `command`, the account that of the machine, the action its words.
    """

    role: str = "service"
    account: str | None = None
    action: str | None = None


_acting: ContextVar[Acting | None] = ContextVar("acting", default=None)


def act_as(who: Acting) -> None:
    """That what follows in this context is done for this account."""
    _acting.set(who)


@contextmanager
def acting(who: Acting) -> Iterator[None]:
    """The same until the end of the block."""
    token = _acting.set(who)
    try:
        yield
    finally:
        _acting.reset(token)


def who_acts() -> Acting:
    """Whom this is done for."""
    return _acting.get() or Acting()
