"""What is told of an exception: where it broke and its words, save those that quote what somebody sent."""

import traceback
from collections.abc import Callable

from pydantic import ValidationError

Naming = Callable[[BaseException], str]


def _kind(error: BaseException) -> str:
    return type(error).__name__


# Exceptions whose words quote the input, and what is told of each instead.
_QUOTING: dict[type[BaseException], Naming] = {ValidationError: _kind}


def quotes(kind: type[BaseException], named: Naming) -> None:
    """Leave out the words of such errors from now on; `named` tells one without quoting anything."""
    _QUOTING[kind] = named


def told(error: BaseException) -> str:
    """Where it broke and why; if it or one that it came from quotes the input, no words of any of them."""
    chain = _chain(error)
    if not any(_quoting(one) for one in chain):
        return "".join(traceback.format_exception(error))
    frames = "".join("".join(traceback.format_tb(one.__traceback__)) for one in reversed(chain))
    return frames + " <- ".join((_quoting(one) or _kind)(one) for one in chain)


def unquoted(words: str, error: BaseException) -> str:
    """A line of the log without the words of such errors: asyncio and FastStream repeat them there."""
    for one in _chain(error):
        if _quoting(one):
            words = words.replace(repr(one), "…").replace(str(one), "…")
    return words


def _quoting(error: BaseException) -> Naming | None:
    return next((named for kind, named in _QUOTING.items() if isinstance(error, kind)), None)


def _chain(error: BaseException) -> list[BaseException]:
    """The error, what it came from, and the members of groups, each once."""
    found: list[BaseException] = []
    left: list[BaseException | None] = [error]
    while left:
        current = left.pop(0)
        if current is None or current in found:
            continue
        found.append(current)
        left.append(current.__cause__ or (None if current.__suppress_context__ else current.__context__))
        if isinstance(current, BaseExceptionGroup):
            left += current.exceptions
    return found
