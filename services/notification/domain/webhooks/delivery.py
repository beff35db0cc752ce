"""One message to one webhook: its attempts, when it is tried again, when it is given up; decided purely."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

WAITING, DELIVERED, DEAD = "waiting", "delivered", "dead"
STATES = (WAITING, DELIVERED, DEAD)
TRIES_KEPT = 20
LONGEST_ASKED = timedelta(hours=1)
# In the place of an attempt: the holder may not be told this any more.
CLOSED = "kind-not-allowed"
_GONE = 410
_FACTOR = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one POST: the receiver's status, or none and a reason; `excerpt` is the beginning of its body."""

    reason: str
    status: int | None = None
    milliseconds: int = 0
    retry_after: int | None = None
    excerpt: str = ""

    @property
    def taken(self) -> bool:
        """Whether the receiver has the message."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - the class of success

    @property
    def gone(self) -> bool:
        """Whether the receiver wants nothing any more."""
        return self.status == _GONE

    @property
    def closed(self) -> bool:
        """Whether nothing was sent, since the webhook's holder may not read it."""
        return self.reason == CLOSED


@dataclass(frozen=True, slots=True)
class Try:
    """An attempt that was made."""

    at: datetime
    status: int | None
    reason: str
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message on its way; `number` is its place in the feed, `queued_at` when its day began (anew)."""

    webhook: str
    number: int
    kind: str
    body: str
    queued_at: datetime
    next_at: datetime | None
    state: str = WAITING
    attempts: int = 0
    tries: tuple[Try, ...] = ()
    done_at: datetime | None = None

    @property
    def id(self) -> str:
        """One message goes once to one webhook."""
        return f"{self.webhook}:{self.number}"

    @property
    def message(self) -> str:
        """The `webhook-id`: the same at every attempt, so that a receiver tells a repeat."""
        return f"msg_{self.webhook}_{self.number}"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a receiver is waited for: the first pause, which grows threefold up to the longest, for so long."""

    first: timedelta = timedelta(seconds=5)
    longest: timedelta = timedelta(hours=6)
    lasting: timedelta = timedelta(hours=24)

    def pause(self, attempt: int, chance: float) -> timedelta:
        """After the attempt of this number (from 1); `chance` (0 to 1) spreads it between ¾ and 1¼ of its length."""
        growth: int = _FACTOR ** min(attempt - 1, 20)
        whole = min(self.first * growth, self.longest)
        return whole * (0.75 + chance / 2)


def tried(delivery: Delivery, answer: Answer, patience: Patience, *, now: datetime, chance: float) -> Delivery:
    """The delivery after one more attempt: delivered, waiting for the next, or dead."""
    one = Try(now, answer.status, answer.reason, answer.milliseconds)
    seen = replace(delivery, attempts=delivery.attempts + 1, tries=(*delivery.tries, one)[-TRIES_KEPT:])
    if answer.taken:
        return replace(seen, state=DELIVERED, next_at=None, done_at=now)
    asked = timedelta(seconds=answer.retry_after or 0)
    after = now + max(patience.pause(seen.attempts, chance), min(asked, LONGEST_ASKED))
    if answer.gone or answer.closed or after > delivery.queued_at + patience.lasting:
        return replace(seen, state=DEAD, next_at=None, done_at=now)
    return replace(seen, next_at=after)
