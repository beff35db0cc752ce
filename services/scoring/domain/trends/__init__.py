"""Trends: a score over some years, of territories as they were or as they are, with what hinders comparing."""

from services.scoring.domain.trends.breaks import breaks_of
from services.scoring.domain.trends.lines import Line, Reader, as_is, as_was
from services.scoring.domain.trends.standing import (
    Standing,
    published_standings,
    published_states,
    standing_of,
)
from services.scoring.domain.trends.window import FEWEST, MOST, Window, window

__all__ = [
    "FEWEST",
    "MOST",
    "Line",
    "Reader",
    "Standing",
    "Window",
    "as_is",
    "as_was",
    "breaks_of",
    "published_standings",
    "published_states",
    "standing_of",
    "window",
]
