"""The feed: told changes in the order of their commits, and whether a reader can go on from a number."""

from dataclasses import dataclass
from datetime import datetime

from services.notification.domain.advice import AdviceFact
from services.notification.domain.editions import EditionFact
from services.notification.domain.facts import RatingFact, ScoreFact
from services.notification.domain.issued import IssuedFact
from services.notification.domain.schools import SchoolFact

SCORE_CHANGED = "score_changed"
RATING_CHANGED = "rating_changed"


@dataclass(frozen=True, slots=True)
class Item:
    """A change that lies in the inbox; `number` is its place in the feed."""

    fact: ScoreFact | EditionFact | SchoolFact | IssuedFact
    number: int
    created_at: datetime

    @property
    def id(self) -> str:
        """The natural identity of the change."""
        return self.fact.id

    @property
    def kind(self) -> str:
        """What it is about."""
        return SCORE_CHANGED if isinstance(self.fact, ScoreFact) else self.fact.kind


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the feed; `municipality` is None where it concerns everybody."""

    number: int
    municipality: str | None
    told: Item | RatingFact | AdviceFact
    at: datetime


def for_each(told: Item | RatingFact | AdviceFact) -> bool:
    """Whether each municipality is told this for itself, and who sees all of them the whole in one."""
    return isinstance(told, Item) and isinstance(told.fact, EditionFact) and told.fact.digest is not None


def broken_off(last: int, *, oldest: int | None, end: int) -> str | None:
    """Why a reader cannot go on behind the number `last`, None where nothing is missing.

    `oldest` is the first number still kept, `end` the last number given. `unknown-id`: the number was never given
    (a restored store); `too-old`: rows behind it are no longer kept.
    """
    if last > end:
        return "unknown-id"
    if last < end and (oldest is None or last + 1 < oldest):
        return "too-old"
    return None
