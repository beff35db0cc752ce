"""Documents of webhooks and deliveries, and what they mean."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from services.notification.domain.webhooks import Delivery, Gap, Holder, Secret, Try, Webhook
from services.notification.store.webhooks.vault import Vault
from shared.kernel import NotFound
from shared.mongo import Document
from shared.policy import Scope

DONE_KEPT = timedelta(days=30)


def held(scope: Scope) -> dict[str, Any]:
    """The condition that keeps a reader to the webhooks of the scope."""
    return {} if scope.everything else {f"holder.{name}": value for name, value in scope.attributes.items()}


def webhook_row(webhook: Webhook, sealed: Iterable[Document]) -> Document:
    return {
        "_id": webhook.id,
        "url": webhook.url,
        "kinds": list(webhook.kinds),
        "municipality": webhook.municipality,
        "holder": {"municipality": webhook.holder.municipality, "source": webhook.holder.source},
        "secrets": list(sealed),
        "place": webhook.place,
        "state": webhook.state,
        "why": webhook.why,
        "gap": {"first": webhook.gap.first, "last": webhook.gap.last} if webhook.gap else None,
        "revision": webhook.revision,
        "created_at": webhook.created_at,
        "changed_at": webhook.changed_at,
    }


def sealed_rows(secrets: Iterable[Secret], vault: Vault) -> list[Document]:
    return [{"sealed": vault.seal(one.text), "until": one.until} for one in secrets]


def webhook_of(row: Document, vault: Vault | None = None) -> Webhook:
    """The webhook; its secrets only where a vault is given, and only those that its keys open."""
    opened = [(vault.open(one["sealed"]), one["until"]) for one in row["secrets"]] if vault else []
    return Webhook(
        id=row["_id"],
        url=row["url"],
        kinds=tuple(row["kinds"]),
        municipality=row["municipality"],
        holder=Holder(**row["holder"]),
        secrets=tuple(Secret(text, until) for text, until in opened if text is not None),
        place=row["place"],
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        state=row["state"],
        why=row["why"],
        gap=Gap(**row["gap"]) if row["gap"] else None,
        revision=row["revision"],
    )


def delivery_row(delivery: Delivery) -> Document:
    return {
        "_id": delivery.id,
        "webhook": delivery.webhook,
        "number": delivery.number,
        "kind": delivery.kind,
        "body": delivery.body,
        **progress(delivery),
        "tries": [try_row(one) for one in delivery.tries],
    }


def progress(delivery: Delivery) -> Document:
    """The fields that an attempt changes."""
    done = delivery.done_at
    return {
        "state": delivery.state,
        "attempts": delivery.attempts,
        "queued_at": delivery.queued_at,
        "next_at": delivery.next_at,
        "done_at": done,
        "ends_at": done + DONE_KEPT if done else None,
    }


def try_row(one: Try) -> Document:
    return {"at": one.at, "status": one.status, "reason": one.reason, "milliseconds": one.milliseconds}


def delivery_of(row: Document) -> Delivery:
    return Delivery(
        webhook=row["webhook"],
        number=row["number"],
        kind=row["kind"],
        body=row["body"],
        queued_at=row["queued_at"],
        next_at=row["next_at"],
        state=row["state"],
        attempts=row["attempts"],
        tries=tuple(Try(one["at"], one["status"], one["reason"], one["milliseconds"]) for one in row["tries"]),
        done_at=row["done_at"],
    )


def unchanged(before: Delivery) -> dict[str, Any]:
    """The condition that a delivery is as it was when its attempt began."""
    return {"_id": before.id, "state": before.state, "attempts": before.attempts, "queued_at": before.queued_at}


def removed() -> NotFound:
    """The refusal of what came too late."""
    return NotFound("webhook-not-found", "Вебхук не найден", "Пока выполнялся запрос, вебхук или его секрет удалили.")
