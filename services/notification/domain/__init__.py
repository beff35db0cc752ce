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
from services.notification.domain.digest import concerns, news, rating_news
from services.notification.domain.edition_text import edition_body, edition_title
from services.notification.domain.editions import (
    ANSWERED,
    DRAFTED,
    EDITION_KINDS,
    PUBLISHED,
    RAISED,
    WITHDRAWN,
    EditionFact,
)
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
from services.notification.domain.issued import ISSUED, IssuedFact, issued_body, issued_of, issued_title
from services.notification.domain.names import (
    MUNICIPALITY,
    ORGANIZATION,
    PROCEDURE,
    Names,
    Place,
    day_of,
    last_day,
    newest,
)
from services.notification.domain.reading import Mark, Step, reached, read_at
from services.notification.domain.school_text import school_body, school_title
from services.notification.domain.schools import SCHOOL_KINDS, SchoolFact, schools_of
from services.notification.domain.text import body, title

__all__ = [
    "ANSWERED",
    "DRAFTED",
    "EDITION_KINDS",
    "ISSUED",
    "MUNICIPALITY",
    "NOTHING",
    "ORGANIZATION",
    "PROCEDURE",
    "PUBLISHED",
    "RAISED",
    "RATING_CHANGED",
    "RECOMMENDATION_DRAFTED",
    "SCHOOL_KINDS",
    "SCORE_CHANGED",
    "WITHDRAWN",
    "AdviceFact",
    "Asked",
    "DatedName",
    "EditionFact",
    "Entry",
    "Facts",
    "Following",
    "GroupChange",
    "IssuedFact",
    "Item",
    "Mark",
    "NameFact",
    "Names",
    "NearDeadline",
    "Place",
    "RatingFact",
    "Reader",
    "ResultCause",
    "SchoolFact",
    "ScoreFact",
    "Standing",
    "Step",
    "Told",
    "body",
    "broken_off",
    "concerns",
    "day_of",
    "edition_body",
    "edition_title",
    "following",
    "issued_body",
    "issued_of",
    "issued_title",
    "last_day",
    "newest",
    "newest_advice",
    "news",
    "next_steps",
    "rating_news",
    "reached",
    "read_at",
    "school_body",
    "school_title",
    "schools_of",
    "title",
]
