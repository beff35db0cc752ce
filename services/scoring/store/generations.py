"""Generations of cards: the collection in use is named by one row, so that another one can take its place at once."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from services.scoring.domain import Card, CardKey, Fact, Rescored, Scale
from services.scoring.domain.league import League, league_of
from services.scoring.domain.mirror import Overtaken, RulesMoved, Stored
from services.scoring.domain.news import Taken
from services.scoring.store.reading import (
    card_id,
    cards_of,
    facts_of_keys,
    key_of,
    next_of,
    stored_document,
    stored_from,
)
from services.scoring.store.registers import EDITIONS
from services.scoring.store.scales import put_scales, scales_of
from services.scoring.store.schemas import CARDS, cards_schema
from shared.kernel import Conflict
from shared.mongo import Database, Document, ReplaceOne, Tx, UpdateMany, UpdateOne
from shared.mongo.journal import JOURNAL, line

GENERATION = "generation"
SWITCH_SECONDS = 40.0
Relative = Callable[[Collection[CardKey]], frozenset[League]]
Recount = Callable[[Mapping[CardKey, Card], Mapping[League, Scale], Sequence[Fact], datetime], Rescored]


def collection_of(generation: int) -> str:
    """Where the cards of a generation are."""
    return f"{CARDS}_{generation}" if generation else CARDS


class GenerationStore:
    """Makes a generation beside the one in use and puts it in its place."""

    _db: Database
    home: str
    generation: int = 0

    @property
    def cards_in(self) -> str:
        """The collection of cards that this process reads and writes."""
        return collection_of(self.generation)

    async def turn(self) -> bool:
        """Read which generation is in use; True when it is another one than this process knew."""
        row = await self._db.find_one("meta", {"_id": GENERATION})
        if row is None:
            first = {"$setOnInsert": {"n": 0, "claimed": 0}}
            row = await self._db.update("meta", {"_id": GENERATION}, first, upsert=True) or {"n": 0}
        before, self.generation = self.generation, int(row["n"])
        return before != self.generation

    async def claim(self) -> int:
        """Begin a new generation; what is left of others that were begun goes. Whoever claims last, switches."""
        await self.turn()
        row = await self._db.update("meta", {"_id": GENERATION}, {"$inc": {"claimed": 1}}) or {"n": 0, "claimed": 1}
        # Read with the claim, after which nobody else switches: a switch since the turn above must not lose its cards.
        fresh, self.generation = int(row["claimed"]), int(row["n"])
        for name in await self._db.collections(CARDS):
            if name not in {self.cards_in, collection_of(fresh)}:
                await self._db.discard(name)
        await self._db.apply([cards_schema(collection_of(fresh))])
        return fresh

    async def copy(
        self, fresh: int, keys: Collection[CardKey], relative: Collection[League], decide: Recount
    ) -> Mapping[CardKey, int]:
        """Recount a chunk in one snapshot and copy, bit for bit, every card that is as its facts say; their versions.

        The others are made at the switch. Of a league whose scale is not so, none is.
        """

        async def body(tx: Tx) -> tuple[list[Document], Rescored]:
            rows = await cards_of(tx.find, self.cards_in, keys, relative)
            read = {one.card.key: one.card for one in map(stored_from, rows)}
            scales = await scales_of(tx.find, relative, home=self.home)
            return rows, decide(read, scales, await facts_of_keys(tx, keys, relative), tx.now)

        rows, decided = await self._db.transact(body)
        wrong = {card_id(card.key) for card in decided.cards}
        moved = {turn.after.league for turn in decided.scales}
        right = [row for row in rows if row["_id"] not in wrong and league_of(*key_of(row["_id"])) not in moved]
        target = collection_of(fresh)
        await self._db.write(target, [ReplaceOne({"_id": row["_id"]}, row, upsert=True) for row in right])
        return {key_of(row["_id"]): row["version"] for row in right}

    async def switch(
        self,
        fresh: int,
        copied: Mapping[CardKey, int],
        *,
        keys: Collection[CardKey],
        relative_of: Relative,
        decide: Recount,
        rules: int,
    ) -> Taken:
        """Put a generation into use, in one transaction; what it wrote because it was not right, or not yet there.

        Its first command writes every card of the old one, so that batches under way conflict and go again, with
        the new one. Then those cards are recounted that were not copied, or changed since. RulesMoved where they were
        copied by other rules than those of the number that holds now.
        """
        # Held on to from here: the watch of this very process turns to the new generation while we still leave the old.
        before = self.generation
        old = collection_of(before)

        async def body(tx: Tx) -> Taken:
            await tx.write(old, [UpdateMany({}, _AWAY)])
            await _point(tx, before, fresh, rules=rules)
            await tx.insert(JOURNAL, [line(CARDS, f"generation {fresh}", {"generation": before}, at=tx.now)])
            late = await _late(tx, old, copied, keys)
            relative = relative_of(late)
            rows = [_back(row) for row in await cards_of(tx.find, old, late, relative)]
            read = {one.card.key: one for one in map(stored_from, rows)}
            scales = await scales_of(tx.find, relative, home=self.home)
            facts = await facts_of_keys(tx, late, relative)
            decided = decide({key: one.card for key, one in read.items()}, scales, facts, tx.now)
            stored = next_of(decided, read, tx.now)
            await self._fill(tx, fresh, rows, stored)
            await _tell(tx, decided, home=self.home)
            return Taken(decided, stored, tuple(read.values()), tuple(scales.values()))

        switched = await self._db.transact(body, deadline=SWITCH_SECONDS)
        self.generation = fresh
        await self._db.discard(old)
        return switched

    async def check_generation(self, tx: Tx) -> None:
        """Overtaken where another generation is in use by now than this process knew."""
        row = await tx.find_one("meta", {"_id": GENERATION})
        if row is not None and row["n"] != self.generation:
            raise Overtaken("the cards were rebuilt")

    async def _fill(self, tx: Tx, fresh: int, rows: Sequence[Document], stored: Sequence[Stored]) -> None:
        """Write what was not copied: cards as they are, those that were wrong as they should be."""
        by = self._db.mongo.by
        made = {row["_id"]: row for row in rows} | {card_id(one.card.key): stored_document(one, by) for one in stored}
        written = [ReplaceOne({"_id": name}, row, upsert=True) for name, row in made.items()]
        await tx.write(collection_of(fresh), written)


async def _point(tx: Tx, before: int, fresh: int, *, rules: int) -> None:
    """Name the new generation, unless others have begun or named theirs, or stored newer rules than it was made by."""
    if not await tx.write("meta", [hold_rules(rules)]):
        raise RulesMoved("the cards were copied by older rules")
    pointed = UpdateOne({"_id": GENERATION, "n": before, "claimed": fresh}, {"$set": {"n": fresh}})
    if not await tx.write("meta", [pointed]):
        detail = "Другой пересчёт начат позже и заменит баллы; дождитесь его."
        raise Conflict("rebuild-overtaken", "Начат другой пересчёт", detail)


async def _late(tx: Tx, old: str, copied: Mapping[CardKey, int], keys: Collection[CardKey]) -> set[CardKey]:
    """What was not copied, or changed since."""
    live = {key_of(row["_id"]): row["gone"] for row in await tx.find(old, {}, fields=["gone"])}
    return {key for key in {*live, *keys} if copied.get(key) != live.get(key, 0)}


async def _tell(tx: Tx, decided: Rescored, *, home: str) -> None:
    for told in decided.told:
        tx.tell(told.event, told.cause)
    if decided.scales:
        await put_scales(tx, decided.scales, home=home)


# Version 0 is that of no card: whoever still writes over one that it knew here, finds none.
_AWAY = [{"$set": {"gone": "$version", "version": 0}}]


def _back(row: Document) -> Document:
    return {name: value for name, value in row.items() if name != "gone"} | {"version": row["gone"]}


def hold_rules(number: int) -> UpdateOne:
    """The rules of this number are the last ones until the commit; they are known by `meta`, which both write."""
    return UpdateOne({"_id": EDITIONS, "n": number}, {"$inc": {"waited": 1}})


def hold_generation(tx: Tx, generation: int) -> None:
    """A new card has no version that a switch could take away: it holds on to the generation itself."""
    touch = UpdateOne({"_id": GENERATION, "n": generation}, {"$inc": {"born": 1}})
    tx.put("meta", [touch], otherwise=Overtaken("the cards were rebuilt"))
