"""How complete a score is: of how many procedures there are data."""

from collections.abc import Iterable
from typing import NamedTuple


class Coverage(NamedTuple):
    """How many procedures a score has data of, of how many that apply: one without data gives no points."""

    procedures: int
    of: int


def coverage_of(states: Iterable[str]) -> Coverage:
    """What the states of the procedures of a table say."""
    found = list(states)
    scored = found.count("scored")
    return Coverage(scored, scored + found.count("no_data"))
