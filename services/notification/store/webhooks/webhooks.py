"""Webhooks in MongoDB: kept, read within the scope, changed by decisions; their secrets sealed."""

from collections.abc import Awaitable, Callable

from services.notification.domain.webhooks import (
    WAITING,
    Decide,
    Holder,
    New,
    Told,
    Wanted,
    Webhook,
    check_room,
    register,
    resumed,
)
from services.notification.store.webhooks.rows import held, removed, sealed_rows, webhook_of, webhook_row
from services.notification.store.webhooks.vault import Vault
from shared.kernel import Repeat, check_expected
from shared.mongo import Database, DeleteMany, DeleteOne, Document, ReplaceOne, Tx, UpdateMany
from shared.mongo.journal import journal
from shared.mongo.once import Answer, once
from shared.policy import Scope

Body = Callable[[Tx], Awaitable[Told]]


class WebhookStore:
    """The webhooks of everybody; what a caller sees is applied here."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._db = database
        self._vault = vault

    async def recall(self, repeat: Repeat) -> Told | None:
        """What was answered under this key; Refused where it was asked for something else."""
        kept = await self._db.recall(*repeat)
        return None if kept is None else self._told(kept)

    async def add(self, wanted: Wanted, holder: Holder, new: New, repeat: Repeat | None) -> Told:
        """Keep a new webhook that begins at the feed's end; the earlier answer where it is a repeat."""

        async def body(tx: Tx) -> Told:
            # Two at once would each count without the other.
            await tx.next_number(f"webhooks:{holder.municipality or holder.source or ''}")
            check_room(len(await tx.find("webhooks", _of(holder), fields=["_id"])))
            end = await tx.find_one("counters", {"_id": "feed"})
            place = int(end["n"]) if end else 0
            made = register(wanted, holder, id=new.id, secret=new.secret, place=place, now=tx.now)
            await _note(tx, made.id)
            await tx.insert("webhooks", [webhook_row(made, sealed_rows(made.secrets, self._vault))])
            return Told(made, new.secret)

        return await self._once(body, repeat)

    async def one(self, scope: Scope, id: str) -> Webhook | None:  # noqa: A002 - what it is
        """The webhook of this id within the scope, with its secrets."""
        row = await self._db.find_one("webhooks", {"_id": id, **held(scope)})
        return webhook_of(row, self._vault) if row else None

    async def page(self, scope: Scope, *, after: str | None, limit: int) -> list[Webhook]:
        """Webhooks of the scope by id, which is by age; without their secrets."""
        where = held(scope) | ({"_id": {"$gt": after}} if after else {})
        return [webhook_of(row) for row in await self._db.find("webhooks", where, sort=[("_id", 1)], limit=limit)]

    async def change(self, scope: Scope, id: str, decide: Decide, *, expected: int | None = None) -> Webhook | None:  # noqa: A002 - as above
        """Keep what is decided; Stale for another revision than expected, None where there is no such webhook."""

        async def body(tx: Tx) -> Webhook | None:
            row = await tx.find_one("webhooks", {"_id": id, **held(scope)})
            if row is None:
                return None
            _check_expected(row, expected)
            before = webhook_of(row)
            after = decide(before, tx.now)
            if after != before:
                await replace(tx, after, row["secrets"])
            if resumed(before, after):
                await _begin_anew(tx, id)
            return after

        return await self._db.transact(body)

    async def rotate(
        self,
        scope: Scope,
        id: str,  # noqa: A002 - as above
        decide: Decide,
        *,
        secret: str,
        expected: int,
        repeat: Repeat | None,
    ) -> Told | None:
        """Keep a rotated secret; the earlier answer where it is a repeat, None where there is no such webhook."""
        if await self.one(scope, id) is None:
            return None

        async def body(tx: Tx) -> Told:
            row = await tx.find_one("webhooks", {"_id": id})
            if row is None:
                raise removed()
            _check_expected(row, expected)
            after = decide(webhook_of(row, self._vault), tx.now)
            await replace(tx, after, sealed_rows(after.secrets, self._vault))
            return Told(after, secret)

        return await self._once(body, repeat)

    async def remove(self, scope: Scope, id: str, *, expected: int | None = None) -> Webhook | None:  # noqa: A002 - as above
        """Forget a webhook and its deliveries; what it was, None where there is none."""

        async def body(tx: Tx) -> Webhook | None:
            row = await tx.find_one("webhooks", {"_id": id, **held(scope)})
            if row is None:
                return None
            _check_expected(row, expected)
            await _note(tx, id)
            await tx.write("webhooks", [DeleteOne({"_id": id})])
            await tx.write("deliveries", [DeleteMany({"webhook": id})])
            await tx.write("webhook_leases", [DeleteOne({"_id": id})])
            return webhook_of(row)

        return await self._db.transact(body)

    async def _once(self, body: Body, repeat: Repeat | None) -> Told:
        """Run a body in one transaction; a repeat gets the answer that is remembered, its secrets sealed as well."""

        async def sealed(tx: Tx) -> Answer:
            told = await body(tx)
            row = webhook_row(told.webhook, sealed_rows(told.webhook.secrets, self._vault))
            return {"row": row, "sealed": self._vault.seal(told.secret)}

        return self._told(await once(self._db, sealed, repeat))

    def _told(self, kept: Answer) -> Told:
        secret = self._vault.open(kept["sealed"])
        if secret is None:
            raise removed()
        return Told(webhook_of(kept["row"], self._vault), secret)


def _of(holder: Holder) -> Document:
    return {"holder.municipality": holder.municipality, "holder.source": holder.source}


async def replace(tx: Tx, after: Webhook, sealed: list[Document]) -> None:
    """Write a changed webhook over what it was, which the journal keeps."""
    await _note(tx, after.id)
    await tx.write("webhooks", [ReplaceOne({"_id": after.id}, webhook_row(after, sealed))])


async def _note(tx: Tx, webhook: str) -> None:
    await journal(tx, "webhooks", [webhook], without=["secrets"])


async def _begin_anew(tx: Tx, webhook: str) -> None:
    """An attempt that is under way still is written down no more: its message is sent again."""
    waiting = {"webhook": webhook, "state": WAITING}
    await tx.write("deliveries", [UpdateMany(waiting, {"$set": {"queued_at": tx.now, "next_at": tx.now}})])


def _check_expected(row: Document, expected: int | None) -> None:
    """Who names no revision means whatever is there: the platform itself, and who removes it."""
    if expected is not None:
        check_expected(expected, row["revision"], read=f"/v1/webhooks/{row['_id']}")
