"""Applicability acts in the store: each counts among the rules; who withdraws one writes the cards that it is about."""

from collections.abc import Mapping
from typing import Any

from services.scoring.domain.applicability import Applicability
from services.scoring.domain.mirror import Overtaken
from services.scoring.store.documents import act_document
from services.scoring.store.generations import GenerationStore
from services.scoring.store.reading import card_id
from services.scoring.store.registers import next_rules
from shared.kernel import Repeat
from shared.mongo import DuplicateKeyError, ReplaceOne, Tx, UpdateMany
from shared.mongo.journal import journal


class ActStore(GenerationStore):
    """Writes acts."""

    async def put_act(
        self, act: Applicability, *, number: int, repeat: Repeat | None, answer: Mapping[str, Any]
    ) -> None:
        """Store a new act, or one that is withdrawn now, beside the rules of this number.

        Overtaken when there are others meanwhile, where a request under the same idempotency key was first, or where
        the cards were rebuilt.
        """
        row = act_document(act)

        async def body(tx: Tx) -> None:
            await next_rules(tx, number)
            await journal(tx, "applicability", [act.id])
            if act.revision == 1:
                await tx.insert("applicability", [row])
            elif await tx.write("applicability", [ReplaceOne({"_id": act.id, "revision": 1}, row)]):
                await self._hold_cards(tx, act)
            else:
                raise Overtaken("the act was withdrawn")
            if repeat:
                await tx.remember(repeat.key, repeat.digest, answer)

        try:
            await self._db.transact(body)
        except DuplicateKeyError as error:
            raise Overtaken("the key was used, or the act is there already") from error

    async def _hold_cards(self, tx: Tx, act: Applicability) -> None:
        """Let no recount under way write these cards by the act: it conflicts with this write, and finds other rules.

        What recounts them by the rules without the act may find them as they should be, and writes nothing. The
        recounts do not write the number of the rules instead: they would conflict with one another, and with every
        batch that makes new cards.
        """
        await self.check_generation(tx)
        about = [card_id((municipality, act.period)) for municipality in act.municipalities]
        await tx.write(self.cards_in, [UpdateMany({"_id": {"$in": about}}, {"$inc": {"withdrawn": 1}})])
