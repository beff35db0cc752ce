"""Deliveries in MongoDB: made in one commit with the place in the feed, written only over what was read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.notification.domain.webhooks import (
    ACTIVE,
    DEAD,
    DISABLED,
    GONE,
    WAITING,
    Asked,
    Attempt,
    Delivery,
    Gap,
    Webhook,
    put,
)
from services.notification.events import DeliveryFailed
from services.notification.store.webhooks.rows import (
    delivery_of,
    delivery_row,
    held,
    progress,
    removed,
    try_row,
    unchanged,
    webhook_of,
)
from services.notification.store.webhooks.vault import Vault
from services.notification.store.webhooks.webhooks import replace
from shared.kernel import Cause
from shared.mongo import Database, DuplicateKeyError, Tx, UpdateOne
from shared.policy import Scope

TRIES_KEPT = 20
# Who removes a webhook reads what is kept for it: the document that both write makes one of them see the other.
REPLAYED = {"$inc": {"replays": 1}}


class DeliveryStore:
    """Deliveries and how far each webhook is in the feed."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._db = database
        self._vault = vault

    async def active(self) -> list[Webhook]:
        """All webhooks that are sent to, without their secrets."""
        return [webhook_of(row) for row in await self._db.find("webhooks", {"state": ACTIVE})]

    async def opened(self, id: str) -> Webhook | None:  # noqa: A002 - what it is
        """An active webhook with its secrets; None where there is none to send to, or nothing to sign with."""
        row = await self._db.find_one("webhooks", {"_id": id, "state": ACTIVE})
        found = webhook_of(row, self._vault) if row else None
        return found if found and found.signing(self._db.mongo.clock()) else None

    async def sealed(self) -> list[str]:
        """The active webhooks that nothing can be signed for: no key opens their secrets."""
        found, now = await self._db.find("webhooks", {"state": ACTIVE}), self._db.mongo.clock()
        return [row["_id"] for row in found if not webhook_of(row, self._vault).signing(now)]

    async def pressing(self, webhooks: Sequence[str]) -> Mapping[str, datetime]:
        """Those of these webhooks for which something is due, and since when."""
        if not webhooks:
            return {}
        due = {"webhook": {"$in": list(webhooks)}, "state": WAITING, "next_at": {"$lte": self._db.mongo.clock()}}
        grouped = {"_id": "$webhook", "since": {"$min": "$next_at"}}
        found = await self._db.aggregate("deliveries", [{"$match": due}, {"$group": grouped}])
        return {row["_id"]: row["since"] for row in found}

    async def spread(self, webhook: Webhook, upto: int, rows: Sequence[Delivery], gap: Gap | None) -> bool:
        """Move a webhook on in the feed together with the deliveries of that piece; False where it moved meanwhile."""
        lost = {"gap": {"first": gap.first, "last": gap.last}} if gap else {}
        moved = UpdateOne(
            {"_id": webhook.id, "place": webhook.place, "state": ACTIVE}, {"$set": {"place": upto, **lost}}
        )

        async def body(tx: Tx) -> bool:
            if not await tx.write("webhooks", [moved]):
                return False
            await tx.insert("deliveries", [delivery_row(one) for one in rows])
            return True

        return await self._db.transact(body)

    async def due(self, webhook: str, limit: int) -> list[Delivery]:
        """What is to be tried now, the longest due first."""
        where = {"webhook": webhook, "state": WAITING, "next_at": {"$lte": self._db.mongo.clock()}}
        found = await self._db.find("deliveries", where, sort=[("next_at", 1)], limit=limit)
        return [delivery_of(row) for row in found]

    async def settle(self, attempts: Sequence[Attempt]) -> int:
        """Write attempts down; what was given up is told, a webhook that wants no more disabled."""
        if not any(one.after.state == DEAD for one in attempts):
            return await self._db.write("deliveries", [_written(one) for one in attempts])

        async def body(tx: Tx) -> int:
            return sum([await _settled(tx, one) for one in attempts])

        return await self._db.transact(body)

    async def replay(self, rows: Sequence[Delivery]) -> int:
        """Deliver these of one webhook (again); what waits already is left as it is. How many begin anew.

        NotFound where the webhook was removed meanwhile: nobody would ever send them, nor end them.
        """
        by_id = {one.id: one for one in rows}

        async def body(tx: Tx) -> int:
            webhook = rows[0].webhook
            if await tx.find_one("webhooks", {"_id": webhook}) is None:
                raise removed()
            await tx.write("webhooks", [UpdateOne({"_id": webhook}, REPLAYED)])
            there = await tx.find("deliveries", {"_id": {"$in": list(by_id)}}, fields=["state"])
            states = {row["_id"]: row["state"] for row in there}
            await tx.insert("deliveries", [delivery_row(one) for one in rows if one.id not in states])
            again = [name for name, state in states.items() if state != WAITING]
            await tx.write("deliveries", [_anew(by_id[name]) for name in again])
            return len(rows) - len(states) + len(again)

        return await self._db.transact(body) if rows else 0

    async def number_since(self, at: datetime) -> int | None:
        """The first number of the feed that was told at this moment or later."""
        found = await self._db.find("feed", {"at": {"$gte": at}}, fields=["_id"], sort=[("_id", 1)], limit=1)
        return int(found[0]["_id"]) if found else None

    async def deliveries(self, scope: Scope, asked: Asked) -> list[Delivery]:
        """Deliveries of the scope's webhooks, the newest first."""
        conditions: list[dict[str, Any]] = [{"webhook": asked.webhook}] if asked.webhook else []
        if not scope.everything:
            own = await self._db.find("webhooks", held(scope), fields=["_id"])
            conditions.append({"webhook": {"$in": [row["_id"] for row in own]}})
        if asked.state:
            conditions.append({"state": asked.state})
        if asked.before:
            number, webhook = asked.before
            below = [{"number": {"$lt": number}}, {"number": number, "webhook": {"$lt": webhook}}]
            conditions.append({"$or": below})
        where = {"$and": conditions} if conditions else {}
        order = [("number", -1), ("webhook", -1)]
        return [delivery_of(row) for row in await self._db.find("deliveries", where, sort=order, limit=asked.limit)]

    async def take(self, webhook: str, owner: str, seconds: float) -> bool:
        """Take or keep the lease on a webhook, by the server's clock; False while another process has it."""
        free = {"$or": [{"$eq": ["$owner", owner]}, {"$lt": [{"$ifNull": ["$expires", "$$NOW"]}, "$$NOW"]}]}
        first = {"$eq": [{"$ifNull": ["$owner", None]}, None]}
        wanted = {"owner": owner, "expires": {"$add": ["$$NOW", int(seconds * 1000)]}}
        taken = {name: {"$cond": [{"$or": [first, free]}, value, f"${name}"]} for name, value in wanted.items()}
        try:
            found = await self._db.update("webhook_leases", {"_id": webhook}, [{"$set": taken}], upsert=True)
        except DuplicateKeyError:
            return False
        return found is not None and found["owner"] == owner

    async def release(self, webhook: str, owner: str) -> None:
        """Give the lease back."""
        await self._db.update("webhook_leases", {"_id": webhook, "owner": owner}, [{"$set": {"expires": "$$NOW"}}])


def _written(attempt: Attempt) -> UpdateOne:
    tries = {"$each": [try_row(attempt.after.tries[-1])], "$slice": -TRIES_KEPT}
    return UpdateOne(unchanged(attempt.before), {"$set": progress(attempt.after), "$push": {"tries": tries}})


def _anew(delivery: Delivery) -> UpdateOne:
    fresh = progress(delivery) | {"kind": delivery.kind, "body": delivery.body}
    return UpdateOne({"_id": delivery.id, "state": {"$ne": WAITING}}, {"$set": fresh})


async def _settled(tx: Tx, attempt: Attempt) -> int:
    """One attempt in a transaction: what is dead is told, once, by whoever wrote it."""
    if not await tx.write("deliveries", [_written(attempt)]):
        return 0
    if attempt.after.state == DEAD:
        before = attempt.before
        told = DeliveryFailed(subscription=before.webhook, channel="webhook", reason=attempt.answer.reason)
        tx.tell(told, Cause(before.message))
        if attempt.answer.gone:
            await _disable(tx, before.webhook)
    return 1


async def _disable(tx: Tx, webhook: str) -> None:
    row = await tx.find_one("webhooks", {"_id": webhook, "state": ACTIVE})
    if row is not None:
        after = put(webhook_of(row), DISABLED, now=tx.now, why=GONE)
        await replace(tx, after, row["secrets"])
