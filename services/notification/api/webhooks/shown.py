"""How webhooks and deliveries look in answers."""

from dataclasses import asdict
from datetime import date
from typing import Any

from services.notification.domain import Names
from services.notification.domain.webhooks import ACTIVE, Answer, Delivery, Told, Webhook
from services.notification.usecases.webhooks import Replayed, heard


def show_municipality(municipality: str | None, names: Names, day: date) -> dict[str, Any] | None:
    """A municipality as it is called on a day; None where everybody's is meant."""
    return None if municipality is None else asdict(names.municipality_on(municipality, day))


def show_webhook(webhook: Webhook, names: Names, day: date) -> dict[str, Any]:
    """A webhook without anything secret."""
    holder = webhook.holder
    return {
        "id": webhook.id,
        "url": webhook.url,
        "kinds": list(heard(webhook)),
        "municipality": show_municipality(webhook.municipality, names, day),
        "holder": {"municipality": show_municipality(holder.municipality, names, day), "source": holder.source},
        "state": webhook.state,
        "why": webhook.why if webhook.state != ACTIVE else None,
        "place": webhook.place,
        "gap": {"first": webhook.gap.first, "last": webhook.gap.last} if webhook.gap else None,
        "created_at": webhook.created_at.isoformat(),
        "changed_at": webhook.changed_at.isoformat(),
    }


def show_told(told: Told, names: Names, day: date) -> dict[str, Any]:
    """A webhook with the secret that is shown this once."""
    ends = [one.until for one in told.webhook.secrets if one.until is not None]
    return {
        **show_webhook(told.webhook, names, day),
        "secret": told.secret,
        "overlap_until": max(ends).isoformat() if ends else None,
    }


def show_delivery(delivery: Delivery) -> dict[str, Any]:
    """A delivery with its last attempts; not what was sent, which is at `/v1/inbox`."""
    tries = [
        {"at": one.at.isoformat(), "status": one.status, "reason": one.reason, "milliseconds": one.milliseconds}
        for one in delivery.tries
    ]
    return {
        "id": delivery.id,
        "webhook": delivery.webhook,
        "message": delivery.message,
        "number": delivery.number,
        "kind": delivery.kind,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "queued_at": delivery.queued_at.isoformat(),
        "next_at": delivery.next_at.isoformat() if delivery.next_at else None,
        "done_at": delivery.done_at.isoformat() if delivery.done_at else None,
        "tries": tries,
    }


def show_tested(answer: Answer) -> dict[str, Any]:
    """What the receiver answered to a test message."""
    return {
        "delivered": answer.taken,
        "status": answer.status,
        "reason": answer.reason,
        "milliseconds": answer.milliseconds,
        "body": answer.excerpt,
    }


def show_replayed(found: Replayed) -> dict[str, Any]:
    """What is delivered again."""
    return {"deliveries": found.deliveries, "first": found.first, "last": found.last, "next": found.following}
