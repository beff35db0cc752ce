"""Who asks for what is done right now, known to every coroutine without being passed (as the cause is)."""

from contextvars import ContextVar
from typing import NamedTuple


class Acting(NamedTuple):
    """The role and account that a door admitted, and to which action; without a request it is the service itself."""

    role: str = "service"
    account: str | None = None
    action: str | None = None


_acting: ContextVar[Acting | None] = ContextVar("acting", default=None)


def act_as(who: Acting) -> None:
    """That what follows in this context is done for this account."""
    _acting.set(who)


def who_acts() -> Acting:
    """Whom this is done for."""
    return _acting.get() or Acting()
