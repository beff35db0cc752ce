"""The cause that everything done right now follows from, known to every coroutine without being passed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token

from uuid_utils import uuid7

from shared.kernel import Cause

_SANE = re.compile(r"[A-Za-z0-9._:\-]{1,128}")
_cause: ContextVar[Cause | None] = ContextVar("cause", default=None)


def sane_correlation(told: str | None) -> str | None:
    """A correlation id from outside if it may go on into headers and logs: short, of plain characters; else none."""
    return told if told and _SANE.fullmatch(told) else None


def current_cause() -> Cause:
    """The cause bound here; a fresh one with an id of its own where nobody bound any (a timer, a test)."""
    return _cause.get() or Cause(correlation=str(uuid7()))


def named_cause() -> Cause | None:
    """The cause bound here, or None."""
    return _cause.get()


def set_cause(cause: Cause | None) -> Token[Cause | None]:
    """Bind a cause until `reset_cause` (the doors, where a block would cost)."""
    return _cause.set(cause)


def reset_cause(token: Token[Cause | None]) -> None:
    """Undo a `set_cause` of the same task."""
    _cause.reset(token)


@contextmanager
def bind_cause(cause: Cause) -> Iterator[Cause]:
    """Bind a cause for the block: logs name it, and what is told inside follows from it."""
    token = _cause.set(cause)
    try:
        yield cause
    finally:
        _cause.reset(token)
