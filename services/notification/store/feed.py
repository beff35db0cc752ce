"""The feed: one batch's news stored and numbered in one transaction, and read again in that order."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from services.notification.domain import (
    ORGANIZATION,
    EditionFact,
    Entry,
    Facts,
    IssuedFact,
    NameFact,
    SchoolFact,
    ScoreFact,
    Told,
    newest,
    news,
)
from services.notification.store.advice import keep_advice
from services.notification.store.plans import keep_plans
from services.notification.store.ratings import keep_ratings
from services.notification.store.rows import entry_of, feed_row, name_of, new_entry
from services.notification.store.schemas import ITEM_KINDS
from shared.batch import Batch
from shared.mongo import Database, DuplicateKeyError, ReplaceOne, Tx
from shared.policy import Scope

# What lies in the inbox; all else is in the feed only.
LYING = ScoreFact | EditionFact | SchoolFact | IssuedFact


class FeedStore:
    """What was told, in the order of the commits, and the names that belong to it; `home` is the home region."""

    def __init__(self, database: Database, *, home: str = "") -> None:
        self._db = database
        self._home = home

    async def keep(self, facts: Facts, batch: Batch[Any] | None = None) -> list[Entry]:
        """Store a batch's names and news in one transaction; what is known already changes nothing.

        Of items nothing is read before: the unique keys say whether something is there, and only then is it looked
        for. Rows of the feed are kept for some days only, so that other collections remember drafts and ratings.
        """

        async def body(tx: Tx, *, careful: bool = False) -> list[Entry]:
            await _keep_names(tx, "names", facts.names)
            await _keep_names(tx, "organization_names", facts.organizations)
            await keep_plans(tx, facts.plans, self._db.mongo.by)
            told = await keep_advice(tx, facts.advice, self._db.mongo.by)
            told |= await keep_ratings(tx, facts.told, self._home)
            fresh = news(facts.told, told)
            if careful:
                fresh = news(fresh, await _known(tx, fresh))
            return await _keep_news(tx, fresh, self._db.mongo.by)

        try:
            return await self._db.transact(body, batch=batch)
        except DuplicateKeyError:
            return await self._db.transact(partial(body, careful=True), batch=batch)

    async def feed_end(self) -> int:
        """The last number that the feed has given."""
        found = await self._db.find_one("counters", {"_id": "feed"})
        return int(found["n"]) if found else 0

    async def feed_begin(self) -> int | None:
        """The first number that is still kept."""
        found = await self._db.find("feed", {}, fields=["_id"], sort=[("_id", 1)], limit=1)
        return int(found[0]["_id"]) if found else None

    async def feed(self, scope: Scope, *, after: int, upto: int | None = None, limit: int = 500) -> list[Entry]:
        """Rows behind a number in order; numbers are given at commit, so nothing older can appear later."""
        span = {"$gt": after} if upto is None else {"$gt": after, "$lte": upto}
        condition: dict[str, Any] = {"_id": span}
        if not scope.everything:
            condition["municipality"] = {"$in": [scope.attributes["municipality"], None]}
        found = await self._db.find("feed", condition, sort=[("_id", 1)], limit=limit)
        return [entry_of(row) for row in found]

    async def feed_changes(self) -> AsyncIterator[None]:
        """A hint for each row that another process stored, and whenever the watch begins anew."""
        match = {"operationType": "insert", "fullDocument.by": {"$ne": self._db.mongo.by}}
        async for _ in self._db.watch("feed", match=match):
            yield

    async def names(self) -> list[NameFact]:
        """All names of municipalities and procedures that have been heard."""
        return [name_of(row) for row in await self._db.find("names", {})]

    async def organization_names(self, keys: Sequence[str]) -> list[NameFact]:
        """The names of these organisations, as far as they have been heard."""
        asked = [f"{ORGANIZATION}:{key}" for key in keys]
        return [name_of(row) for row in await self._db.find("organization_names", {"_id": {"$in": asked}})]

    async def name_changes(self) -> AsyncIterator[None]:
        """A hint whenever a name was stored, by whichever process."""
        async for _ in self._db.watch("names"):
            yield


async def _keep_names(tx: Tx, collection: str, facts: Sequence[NameFact]) -> None:
    if not facts:
        return
    asked = list({fact.id for fact in facts})
    found = await tx.find(collection, {"_id": {"$in": asked}}, fields=["revision"])
    known = {row["_id"]: int(row["revision"]) for row in found}
    rows = [{"_id": fact.id, **asdict(fact)} for fact in newest(facts, known)]
    tx.put(collection, [ReplaceOne({"_id": row["_id"]}, row, upsert=True) for row in rows])


async def _known(tx: Tx, told: Sequence[Told]) -> set[str]:
    """Which of these were kept before: scores and steps of publication as items, all else in the feed."""
    scores = [fact.id for fact in told if isinstance(fact, LYING)]
    others = [fact.id for fact in told if not isinstance(fact, LYING)]
    known: set[str] = set()
    if scores:
        known |= {row["_id"] for row in await tx.find("items", {"_id": {"$in": scores}}, fields=["_id"])}
    if others:
        known |= {row["key"] for row in await tx.find("feed", {"key": {"$in": others}}, fields=["key"])}
    return known


async def _keep_news(tx: Tx, fresh: Sequence[Told], by: str) -> list[Entry]:
    if not fresh:
        return []
    first = await tx.next_number("feed", by=len(fresh)) - len(fresh) + 1
    entries = [new_entry(fact, first + index, tx.now) for index, fact in enumerate(fresh)]
    rows = [feed_row(entry, by) for entry in entries]
    await tx.insert("items", [row["data"] for row in rows if row["kind"] in ITEM_KINDS])
    await tx.insert("feed", rows)
    return entries
