"""What can be chosen from: items, of each of which at most one option is taken."""

from collections.abc import Sequence
from typing import NamedTuple


class Option(NamedTuple):
    """What one choice for an item changes and gains; both are positive."""

    changes: int
    gain: int


Items = Sequence[Sequence[Option]]
# For each item the number of its option, None where it stays.
Options = tuple[int | None, ...]
