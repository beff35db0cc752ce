"""What notification decides: who is told what, in which words, and what a person has read; pure."""

from services.notification.domain.advice import (
    NOTHING,
    RECOMMENDATION_DRAFTED,
    AdviceFact,
    Following,
    NearDeadline,
    following,
    newest_advice,
    next_steps,
)
from services.notification.domain.asking import Asked, Reader
from services.notification.domain.batch import Facts, Told
from services.notification.domain.digest import concerns, news
from services.notification.domain.facts import (
    DatedName,
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
    "NOTHING",
    "PROCEDURE",
    "RATING_CHANGED",
    "RECOMMENDATION_DRAFTED",
    "SCORE_CHANGED",
    "AdviceFact",
    "Asked",
    "DatedName",
    "Entry",
    "Facts",
    "Following",
    "GroupChange",
    "Item",
    "Mark",
    "NameFact",
    "Names",
    "NearDeadline",
    "Place",
    "RatingFact",
    "Reader",
    "ResultCause",
    "ScoreFact",
    "Standing",
    "Step",
    "Told",
    "body",
    "broken_off",
    "concerns",
    "following",
    "newest",
    "newest_advice",
    "news",
    "next_steps",
    "reached",
    "read_at",
    "title",
]
