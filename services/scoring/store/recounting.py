"""Recounting in the store: cards with their facts at one moment, and what is decided of them written over these."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

from services.scoring.domain import CardKey, Fact, Rescored, Scale
from services.scoring.domain.league import League
from services.scoring.domain.mirror import Overtaken, RulesMoved, Stored
from services.scoring.domain.news import Taken
from services.scoring.store.generations import GenerationStore, Recount, hold_generation, hold_rules
from services.scoring.store.reading import cards_of, facts_of_keys, next_of, stored_from, write_of
from services.scoring.store.registers import EDITIONS
from services.scoring.store.scales import put_scales, scales_of
from shared.batch import Batch
from shared.mongo import DuplicateKeyError, Tx


class RecountStore(GenerationStore):
    """Reads and writes whole cards of the generation in use."""

    async def recount(
        self, keys: Collection[CardKey], relative: Collection[League], decide: Recount, *, rules: int
    ) -> Taken:
        """Read the facts and cards of these keys, and write what `decide` makes of them, in one transaction.

        Of the leagues in `relative` everything is read, and the scale. RulesMoved where `rules` is not the number of
        those that are stored.
        """

        async def body(tx: Tx) -> Taken:
            await self.check_generation(tx)
            rows = await cards_of(tx.find, self.cards_in, keys, relative)
            read = {one.card.key: one for one in (stored_from(row) for row in rows)}
            scales = await scales_of(tx.find, relative, home=self.home)
            facts = await facts_of_keys(tx, keys, relative)
            if await tx.find_one("meta", {"_id": EDITIONS, "n": rules}) is None:
                raise RulesMoved("rules were stored since")
            decided = decide({key: one.card for key, one in read.items()}, scales, facts, tx.now)
            stored = await self._put(tx, decided, read)
            return Taken(decided, stored, tuple(read.values()), tuple(scales.values()))

        return await self._transact(body)

    async def snapshot(
        self, keys: Collection[CardKey], relative: Collection[League] = ()
    ) -> tuple[list[Stored], list[Fact], Mapping[League, Scale]]:
        """The cards and facts of these keys (of the relative leagues: all) as they stand together at one moment.

        Overtaken where the cards were rebuilt meanwhile.
        """

        async def body(tx: Tx) -> tuple[list[Stored], list[Fact], Mapping[League, Scale]]:
            await self.check_generation(tx)
            cards = [stored_from(row) for row in await cards_of(tx.find, self.cards_in, keys, relative)]
            facts = await facts_of_keys(tx, keys, relative)
            return cards, facts, await scales_of(tx.find, relative, home=self.home)

        return await self._db.transact(body)

    async def _transact(self, body: Callable[[Tx], Awaitable[Taken]], batch: Batch[Any] | None = None) -> Taken:
        try:
            return await self._db.transact(body, batch=batch)
        except DuplicateKeyError as error:
            raise Overtaken("a card or a fact is there already") from error

    async def _put(
        self, tx: Tx, decided: Rescored, before: Mapping[CardKey, Stored], *, rules: int | None = None
    ) -> tuple[Stored, ...]:
        """Write the cards and scales of a decision over the versions that it was made from; put into the outbox.

        `rules` is the number of those that it was made by, unless that is known to hold.
        """
        stored, by = next_of(decided, before, tx.now), self._db.mongo.by
        operations = [write_of(one, before.get(one.card.key), by) for one in stored]
        if any(one.version == 1 for one in stored):
            hold_generation(tx, self.generation)
            if rules is not None:
                # Whoever applies newer rules at this very time does not see a card that was not there.
                tx.put("meta", [hold_rules(rules)], otherwise=Overtaken("an edition was loaded"))
        tx.put(self.cards_in, operations, otherwise=Overtaken("a card was written by somebody else"))
        for told in decided.told:
            tx.tell(told.event, told.cause)
        if decided.scales:
            await put_scales(tx, decided.scales, home=self.home)
        return stored
