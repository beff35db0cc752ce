"""What decisions are given from outside: time and identities, so that tests can freeze both."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The present instant, aware, in UTC."""

    def __call__(self) -> datetime: ...


class Ids(Protocol):
    """A new unique id, sortable by time (UUID version 7)."""

    def __call__(self) -> str: ...
