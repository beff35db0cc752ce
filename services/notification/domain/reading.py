"""What a person has read: single marks, and everything up to a number of the feed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# What is older counts as read, whoever looks: how long anybody's reading times are kept follows from it.
READ_BY_AGE = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Step:
    """At this moment everything up to this number was marked as read."""

    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark on one item: read at a moment, or taken back (None); it counts before any step."""

    item: str
    read_at: datetime | None


def read_at(number: int, mark: Mark | None, steps: Sequence[Step]) -> datetime | None:
    """When the item of this number was read, None where it was not; `steps` in the order they were made."""
    if mark is not None:
        return mark.read_at
    return next((step.at for step in steps if step.number >= number), None)


def reached(steps: Sequence[Step]) -> int:
    """Up to which number everything was marked as read; 0 where nothing was."""
    return max((step.number for step in steps), default=0)
