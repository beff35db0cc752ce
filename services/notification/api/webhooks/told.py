"""The shapes of the answers about webhooks, for the API's description."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from services.notification.api.told import NamedMunicipality
from shared.web import PageShape, Shape


class HolderShown(Shape):
    """Whose a webhook is."""

    municipality: NamedMunicipality | None
    source: str | None


class GapShown(Shape):
    """Numbers of events that were no longer kept when the webhook came to them."""

    first: int
    last: int


class WebhookShown(Shape):
    """A webhook as its holder sees it."""

    id: str
    url: str
    kinds: list[str]
    municipality: NamedMunicipality | None
    holder: HolderShown
    state: Literal["active", "paused", "disabled"]
    why: str | None
    place: int = Field(description="номер последнего события, ставшего доставкой или пропущенного")
    gap: GapShown | None
    created_at: datetime
    changed_at: datetime


class WebhookTold(WebhookShown):
    """A webhook with the secret, which is shown this once."""

    secret: str
    overlap_until: datetime | None


class WebhookPage(PageShape[WebhookShown]):
    """A page of webhooks."""


class TryShown(Shape):
    """One attempt."""

    at: datetime
    status: int | None
    reason: str
    milliseconds: int


class DeliveryShown(Shape):
    """A delivery and its attempts, the last twenty."""

    id: str
    webhook: str
    message: str = Field(description="webhook-id, один при всех попытках")
    number: int
    kind: str
    state: Literal["waiting", "delivered", "dead"]
    attempts: int
    queued_at: datetime
    next_at: datetime | None
    done_at: datetime | None
    tries: list[TryShown]


class DeliveryPage(PageShape[DeliveryShown]):
    """A page of deliveries."""


class Tested(Shape):
    """What the receiver answered to a test message."""

    delivered: bool
    status: int | None
    reason: str
    milliseconds: int
    body: str = Field(description="начало ответа приёмника, до 4 КиБ")


class ReplayedShown(Shape):
    """What is delivered again; `next` is the `from` of the following request, null at the end."""

    deliveries: int
    first: int | None
    last: int | None
    next: int | None


class SubscriptionShown(Shape):
    """One way of being told; `url` is where to read, or where messages are sent; null means everybody's changes."""

    id: str
    channel: Literal["inbox", "stream", "webhook"]
    kinds: list[str]
    municipality: NamedMunicipality | None
    url: str
    state: Literal["active", "paused", "disabled"]


class SubscriptionPage(PageShape[SubscriptionShown]):
    """A page of subscriptions."""
