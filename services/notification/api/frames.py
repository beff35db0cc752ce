"""Server-sent events as bytes."""

from typing import Any

from services.notification.api.shown import show_entry
from services.notification.domain import Entry
from services.notification.usecases import Joined
from shared.exactjson import write

RETRY = b"retry: 1000\n\n"


def frame(event: str, data: Any, *, number: int | None = None) -> bytes:
    """One event; without a number the client keeps the last id it has."""
    named = b"" if number is None else b"id: %d\n" % number
    return b"%bevent: %b\ndata: %b\n\n" % (named, event.encode(), write(data))


def entry_frame(entry: Entry, joined: Joined) -> bytes:
    """The event of a row of the feed, its number as the id."""
    event, data = show_entry(entry, joined)
    return frame(event, data, number=entry.number)
