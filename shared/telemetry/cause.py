"""The cause that everything done right now follows from, known to every coroutine without being passed."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token

from uuid_utils import uuid7

from shared.kernel import Cause

_cause: ContextVar[Cause | None] = ContextVar("cause", default=None)


def current_cause() -> Cause:
    """The cause bound here; a fresh one with an id of its own where nobody bound any (a timer, a test)."""
    return _cause.get() or Cause(correlation=str(uuid7()))


def named_cause() -> Cause | None:
    """The cause bound here, or None."""
    return _cause.get()


def set_cause(cause: Cause | None) -> Token[Cause | None]:
    """Bind a cause until the surrounding task ends (the doors, which have no block to leave)."""
    return _cause.set(cause)


@contextmanager
def bind_cause(cause: Cause) -> Iterator[Cause]:
    """Bind a cause for the block: logs name it, and what is told inside follows from it."""
    token = _cause.set(cause)
    try:
        yield cause
    finally:
        _cause.reset(token)
