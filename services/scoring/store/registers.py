"""What changes rarely: editions of the methodology, published periods, the read models of names."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from services.scoring.domain.league import League
from services.scoring.domain.mirror import Overtaken
from services.scoring.domain.names import Municipality
from services.scoring.domain.news import indicator_names
from services.scoring.domain.opening import Publication
from services.scoring.domain.permission import Permitted, permitted_from, remembering
from services.scoring.domain.reported import Limits, reported_of
from services.scoring.domain.rulebook import Rules
from services.scoring.store.documents import municipality_document, read_act, read_municipality
from shared.kernel import Repeat
from shared.mongo import Database, ReplaceOne, Tx, UpdateOne
from shared.mongo.journal import journal
from shared.settings import SettingsWrong

EDITIONS, NAMES, PUBLICATIONS, HOME = "editions", "names", "publications", "home"
# What a municipality kept by an earlier release lacks.
WHOLE = {"succession", "population"}


async def kept_home(database: Database) -> str | None:
    """The home region of an installation whose service has been started; None before."""
    row = await database.find_one("meta", {"_id": HOME})
    return str(row["region"]) if row else None


async def next_rules(tx: Tx, number: int) -> None:
    """Count the rules up from this number; Overtaken where it is another one."""
    # Whoever counts up leaves the number of settled rules behind, so that a crash before they are applied shows.
    counted = UpdateOne({"_id": EDITIONS, "n": number}, [{"$set": {"n": number + 1, "settled": _SETTLED}}])
    if not await tx.write("meta", [counted]):
        raise Overtaken("other rules were stored")


_SETTLED = {"$ifNull": ["$settled", "$n"]}


class RegisterStore:
    """Reads and writes registers; each change is noted in `meta`, which other processes watch."""

    _db: Database
    home: str

    async def rules(self) -> Rules:
        """The editions and acts with the number of changes so far; the number is never ahead of them."""
        counted = await self._db.find_one("meta", {"_id": EDITIONS})
        if counted is None:
            # Whoever decides by rules holds their number by a write over this row.
            await self._db.write("meta", [UpdateOne({"_id": EDITIONS}, {"$setOnInsert": {"n": 0}}, upsert=True)])
            counted = await self._db.find_one("meta", {"_id": EDITIONS}) or {"n": 0}
        editions = await self._db.find("methodologies", {}, sort=[("_id", 1)])
        acts = [read_act(row) for row in await self._db.find("applicability", {}, sort=[("_id", 1)])]
        number = int(counted["n"])
        return Rules(number, int(counted.get("settled", number)), editions, acts)

    async def hold_home(self, regions: Collection[str]) -> None:
        """Remember the home region at the first start; SettingsWrong where it was another one, or nobody is of it.

        Editions and scales are named by it: under another one they would be those of other municipalities.
        """
        held = await self._db.find_one("meta", {"_id": HOME})
        if held is None and self.home and regions and self.home not in regions:
            known = ", ".join(sorted(regions))
            raise SettingsWrong(f"RSOKO_REGION: задан {self.home}, а муниципалитеты здесь регионов: {known}")
        first = {"$setOnInsert": {"region": self.home}}
        row = held or await self._db.update("meta", {"_id": HOME}, first, upsert=True)
        if row is not None and row["region"] != self.home:
            said = f"задан {self.home}, а домашний регион этой установки — {row['region']}"
            raise SettingsWrong(f"RSOKO_REGION: {said}; по нему названы редакции рейтинга, верните прежний")

    async def put_edition(self, methodology: str, document: Mapping[str, Any], *, at: datetime, number: int) -> None:
        """Store an edition beside the rules of this number; Overtaken when there are others meanwhile."""
        row = {"_id": methodology, "document": dict(document), "at": at}

        async def body(tx: Tx) -> None:
            await next_rules(tx, number)
            await journal(tx, "methodologies", [methodology])
            await tx.insert("methodologies", [row])

        await self._db.transact(body)

    def new_id(self) -> str:
        """An id for something new."""
        return self._db.mongo.ids()

    async def recall(self, repeat: Repeat | None) -> Mapping[str, Any] | None:
        """The answer given before under an idempotency key."""
        return await self._db.recall(*repeat) if repeat else None

    async def settled(self, number: int) -> None:
        """Every card follows from the rules of this number."""
        await self._db.write("meta", [UpdateOne({"_id": EDITIONS}, {"$max": {"settled": number}})])

    async def published(self) -> set[League]:
        """The leagues whose live rating is public."""
        rows = await self._db.find("published_periods", {"public": True})
        return {League(row.get("region", self.home), str(row.get("period") or row["_id"])) for row in rows}

    async def publication(self, league: League) -> Publication | None:
        """Whether a league's live rating is open; None where nobody has said."""
        return _publication(await self._db.find_one("published_periods", {"_id": league.named(self.home)}))

    async def publish(
        self, league: League, decide: Callable[[Publication | None], Publication], *, at: datetime
    ) -> Publication:
        """Decide over whether a league's live rating is open, and keep what is new."""
        name = league.named(self.home)

        async def body(tx: Tx) -> Publication:
            before = _publication(await tx.find_one("published_periods", {"_id": name}))
            after = decide(before)
            if after != before:
                row = {"_id": name, **league._asdict(), **asdict(after), "at": at}
                await journal(tx, "published_periods", [name])
                await tx.write("published_periods", [ReplaceOne({"_id": name}, row, upsert=True)])
                await note(tx, PUBLICATIONS)
            return after

        return await self._db.transact(body)

    async def municipalities(self) -> list[Municipality]:
        """The read model of municipalities."""
        return [read_municipality(row) for row in await self._db.find("municipalities", {})]

    async def indicators(self) -> dict[str, dict[str, str]]:
        """Names of indicators by procedure and key; none where only the procedure's name was kept."""
        return {row["_id"]: indicator_names(row) for row in await self._db.find("procedures", {})}

    async def limits(self) -> Limits:
        """What can be reported, by procedure and indicator."""
        return {row["_id"]: reported_of(row) for row in await self._db.find("procedures", {}, fields=["indicators"])}

    async def permitted(self) -> dict[str, tuple[Permitted, ...]]:
        """What procedures may be used for, and might before."""
        return {row["_id"]: permitted_from(row) for row in await self._db.find("procedures", {})}

    async def procedures(self) -> dict[str, str]:
        """Names of procedures by key."""
        return {row["_id"]: row["name"] for row in await self._db.find("procedures", {})}

    async def changed_registers(self) -> AsyncIterator[None]:
        """A hint whenever a register may have changed, also by this process, and when the watch begins anew."""
        match = {"$or": [{"operationType": "insert"}, {"updateDescription.updatedFields.n": {"$exists": True}}]}
        async for _ in self._db.watch("meta", match=match):
            yield None


def _publication(row: Mapping[str, Any] | None) -> Publication | None:
    # What was stored before revisions were kept is the first.
    return Publication(row["public"], row["act"], row.get("revision", 1)) if row else None


async def keep_names(
    tx: Tx, *, municipalities: Sequence[Municipality], procedures: Sequence[Mapping[str, Any]]
) -> None:
    """Keep the newest state of each, unless the stored one is not older."""
    kept = await _keep_municipalities(tx, [municipality_document(one) for one in municipalities])
    kept += await _keep_procedures(tx, procedures)
    if kept:
        await note(tx, NAMES)


async def _keep_municipalities(tx: Tx, told: Sequence[Mapping[str, Any]]) -> int:
    """Keep those that are newer, and those that were kept before reforms and people were kept."""
    newest = {one["_id"]: one for one in sorted(told, key=lambda one: int(one["revision"]))}
    if not newest:
        return 0
    rows = await tx.find("municipalities", {"_id": {"$in": list(newest)}}, fields=["revision", *WHOLE])
    there = {row["_id"]: int(row["revision"]) for row in rows if row.keys() >= WHOLE}
    fresh = [one for one in newest.values() if there.get(one["_id"], -1) < one["revision"]]
    return await _put(tx, "municipalities", fresh)


async def _keep_procedures(tx: Tx, told: Sequence[Mapping[str, Any]]) -> int:
    """Keep every description that is newer, one after another: each may change what was permitted since when."""
    if not told:
        return 0
    rows = await tx.find("procedures", {"_id": {"$in": [one["_id"] for one in told]}})
    there: dict[str, Mapping[str, Any]] = {row["_id"]: row for row in rows}
    kept = dict(there)
    for one in sorted(told, key=lambda one: int(one["revision"])):
        kept[one["_id"]] = remembering(one, kept.get(one["_id"]))
    return await _put(tx, "procedures", [row for key, row in kept.items() if row is not there.get(key)])


async def _put(tx: Tx, collection: str, rows: Sequence[Mapping[str, Any]]) -> int:
    return await tx.write(collection, [ReplaceOne({"_id": one["_id"]}, dict(one), upsert=True) for one in rows])


async def note(tx: Tx, register: str) -> None:
    """Let other processes read a register again."""
    await tx.write("meta", [UpdateOne({"_id": register}, {"$inc": {"n": 1}}, upsert=True)])
