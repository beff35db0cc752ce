"""A row of the feed becomes a delivery to a webhook, if it is wanted there."""

from datetime import datetime

from services.notification.domain import RECOMMENDATION_DRAFTED, WHOLE, Entry, for_each, posted
from services.notification.domain.webhooks import Delivery, Webhook, body_of
from services.notification.usecases.coming import Joined
from services.notification.usecases.webhooks.hearing import may_hear
from services.notification.usecases.webhooks.ports import Render


def delivery_of(webhook: Webhook, entry: Entry, joined: Joined, *, render: Render, now: datetime) -> Delivery | None:
    """The delivery, due now; None where the row concerns somebody else, or its kind is not wanted or not open here.

    Recommendations are joined to it for those only who may read them.
    """
    if webhook.municipality is not None and entry.municipality not in {None, webhook.municipality}:
        return None
    if not _listed(webhook, entry):
        return None
    advised = may_hear(webhook.holder, RECOMMENDATION_DRAFTED)
    kind, data = render(entry, joined if advised else joined.deadlines_only())
    if not (webhook.wants(kind, entry.municipality) and may_hear(webhook.holder, kind)):
        return None
    return Delivery(
        webhook=webhook.id,
        number=entry.number,
        kind=kind,
        body=body_of(kind, entry.at, data),
        queued_at=now,
        next_at=now,
    )


def _listed(webhook: Webhook, entry: Entry) -> bool:
    """A step of an edition is told to the staff as a whole, to systems for each municipality; what is quiet to none."""
    if not posted(entry.told):
        return False
    if webhook.holder.source is not None:
        return entry.municipality != WHOLE
    return webhook.municipality is not None or not for_each(entry.told)
