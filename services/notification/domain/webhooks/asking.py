"""What is handed between use cases and store: what is new, what is told once, which deliveries, an attempt."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from services.notification.domain.webhooks.delivery import Answer, Delivery
from services.notification.domain.webhooks.webhook import Webhook

Decide = Callable[[Webhook, datetime], Webhook]


@dataclass(frozen=True, slots=True)
class New:
    """What is made outside and kept inside: an id, a secret."""

    id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Told:
    """A webhook together with the secret that is shown this once."""

    webhook: Webhook
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which deliveries; the page begins under `before`: a number of the feed and a webhook."""

    webhook: str | None = None
    state: str | None = None
    before: tuple[int, str] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Attempt:
    """A delivery before and after an attempt; written only over the very state it was made from."""

    before: Delivery
    after: Delivery
    answer: Answer
