"""Facts and cards: one transaction per batch, cards replaced only from the version that was decided on."""

import re
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Any

from services.scoring.domain import (
    Card,
    CardKey,
    Fact,
    Rescored,
    Scale,
    fact_document,
)
from services.scoring.domain.league import League
from services.scoring.domain.mirror import Overtaken, Stored
from services.scoring.domain.news import Known, News, Taken
from services.scoring.store.facts import FactStore
from services.scoring.store.generations import hold_rules
from services.scoring.store.reading import (
    cards_of,
    key_of,
    stored_from,
)
from services.scoring.store.recounting import RecountStore
from services.scoring.store.registers import keep_names
from services.scoring.store.scales import scales_of
from services.scoring.store.schools import note_described, note_schools
from shared.batch import Batch
from shared.mongo import Database, Document, Tx

Cards = Mapping[CardKey, Card]
Scales = Mapping[League, Scale]
Decide = Callable[[Cards, Scales, datetime], Rescored]


class CardStore(FactStore, RecountStore):
    """Reads and writes facts and cards."""

    _db: Database

    async def take(
        self, batch: Batch[Any] | None, news: News, *, known: Known, decide: Decide, careful: bool = False
    ) -> Taken:
        """Store what a batch brought, what follows from it, what is told of it, and how far the batch reaches.

        `known` is what this process last saw: a card is written only over that very version, a scale too, else
        `Overtaken` (nothing is written; catch up, then take the batch again with `careful`, which reads everything
        it needs in the transaction, and also looks for every fact among the stored ones).
        """

        async def body(tx: Tx) -> Taken:
            await note_described(tx, news.procedures)
            await keep_names(tx, municipalities=news.municipalities, procedures=news.procedures)
            if not news.facts:
                return Taken()
            read, scales = await self._read(tx, news.keys - known.cards.keys(), known, careful=careful)
            before = {**known.cards, **{one.card.key: one for one in read}}
            decided = decide({key: one.card for key, one in before.items()}, scales, tx.now)
            await self._keep_facts(tx, decided, editions=known.rules, careful=careful)
            stored = await self._put(tx, decided, before, rules=known.rules)
            return Taken(decided, stored, tuple(read), tuple(scales.values()) if careful else ())

        return await self._transact(body, batch)

    async def _read(
        self, tx: Tx, keys: Collection[CardKey], known: Known, *, careful: bool
    ) -> tuple[list[Stored], Scales]:
        """What a decision needs beside what is known; when careful, whole leagues with their scales."""
        leagues = known.relative if careful else ()
        rows = await cards_of(tx.find, self.cards_in, keys, leagues) if keys or leagues else []
        scales = await scales_of(tx.find, leagues, home=self.home) if leagues else known.scales
        return [stored_from(row) for row in rows], scales

    async def _keep_facts(self, tx: Tx, decided: Rescored, *, editions: int, careful: bool) -> None:
        """Insert what is not there; `old` revisions too, which `as_of` needs."""
        scored = {card.key: card.procedures for card in decided.cards}
        counted: list[Fact] = []
        waiting: list[Fact] = []
        for fact in decided.fresh:
            card = scored.get((fact.municipality or "", fact.period), ())
            counts = fact.organization is None and fact.procedure in card
            (counted if counts else waiting).append(fact)
        if careful or decided.old or waiting:
            there = await _there(tx, [*decided.old, *waiting, *(counted if careful else ())])
            counted = [fact for fact in counted if fact.id not in there]
            waiting = [fact for fact in waiting if fact.id not in there]
            late = [fact for fact in decided.old if fact.id not in there]
        else:
            late = []
        await _insert_facts(tx, [*counted, *late, *waiting])
        await note_schools(tx, waiting)
        if any(fact.organization is None for fact in waiting):
            await _hold_editions(tx, editions)

    async def cards(self, keys: Collection[CardKey], leagues: Collection[League] = ()) -> list[Stored]:
        """The stored cards of these keys, and all of these leagues."""
        return [stored_from(row) for row in await cards_of(self._db.find, self.cards_in, keys, leagues)]

    async def scales(self, leagues: Collection[League] | None = None) -> Scales:
        """The stored scales of these leagues, or all."""
        return await scales_of(self._db.find, leagues, home=self.home)

    async def every_card(self) -> AsyncIterator[Stored]:
        """All cards."""
        async for row in self._db.stream(self.cards_in, {}):
            yield stored_from(row)

    async def every_key(self) -> list[CardKey]:
        """Every municipality and period that has a card or facts of its own results."""
        cards = await self._db.find(self.cards_in, {}, fields=["municipality", "period"])
        return sorted({*await self.scored_keys(), *((row["municipality"], row["period"]) for row in cards)})

    async def changed_cards(self) -> AsyncIterator[CardKey | None]:
        """Keys of cards as other processes write them; None whenever the watch begins anew: read them all.

        Our own writes are left out by the server: each names its writer in a field that it changes. Where another
        generation of cards took the place of the one watched, that one is watched from there on.
        """
        others = {"$not": {"$regex": f"^{re.escape(self._db.mongo.by)}#"}}
        match = {"updateDescription.updatedFields.by": others, "fullDocument.by": others}
        fields = ["documentKey", "updateDescription.updatedFields.gone"]
        while True:
            watched = self.cards_in
            async with aclosing(self._db.watch(watched, match=match, fields=fields)) as changes:
                async for change in changes:
                    key = change.get("documentKey", {}).get("_id")
                    if key is None or change.get("updateDescription", {}).get("updatedFields"):
                        await self.turn()
                    if self.cards_in != watched:
                        break
                    yield None if key is None else key_of(key)


async def _there(tx: Tx, facts: Sequence[Fact]) -> set[str]:
    found = await tx.find("facts", {"_id": {"$in": [fact.id for fact in facts]}}, fields=["_id"])
    return {row["_id"] for row in found}


async def _insert_facts(tx: Tx, facts: Sequence[Fact]) -> None:
    """New facts; one that came twice in a batch is inserted once."""
    documents: dict[str, Document] = {}
    for fact in facts:
        identity = fact.id
        document = documents[identity] = fact_document(fact)
        document["_id"] = identity
    await tx.insert("facts", list(documents.values()))


async def _hold_editions(tx: Tx, editions: int) -> None:
    """Facts without an edition wait; an edition loaded at this very time must see them, or we it."""
    if not await tx.write("meta", [hold_rules(editions)]):
        raise Overtaken("an edition was loaded")
