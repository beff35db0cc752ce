"""What notification decides: who is told what, in which words, and what a person has read; pure."""

from services.notification.domain.asking import Asked, Reader
from services.notification.domain.digest import concerns, news
from services.notification.domain.facts import (
    DatedName,
    Facts,
    GroupChange,
    NameFact,
    RatingFact,
    ResultCause,
    ScoreFact,
    Standing,
)
from services.notification.domain.feed import RATING_CHANGED, SCORE_CHANGED, Entry, Item, broken_off
from services.notification.domain.names import MUNICIPALITY, PROCEDURE, Names, Place, newest
from services.notification.domain.reading import Mark, Step, reached, read_at
from services.notification.domain.text import body, title

__all__ = [
    "MUNICIPALITY",
    "PROCEDURE",
    "RATING_CHANGED",
    "SCORE_CHANGED",
    "Asked",
    "DatedName",
    "Entry",
    "Facts",
    "GroupChange",
    "Item",
    "Mark",
    "NameFact",
    "Names",
    "Place",
    "RatingFact",
    "Reader",
    "ResultCause",
    "ScoreFact",
    "Standing",
    "Step",
    "body",
    "broken_off",
    "concerns",
    "newest",
    "news",
    "reached",
    "read_at",
    "title",
]
