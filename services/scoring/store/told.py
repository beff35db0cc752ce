"""Which ranks of a period were told last; compared and set, so that two tellers tell once."""

from collections.abc import Callable, Sequence

from services.scoring.domain import OVERALL
from services.scoring.domain.card_document import share_from
from services.scoring.domain.league import League
from services.scoring.domain.mirror import Overtaken
from services.scoring.domain.ranked import Ranked, Stood
from services.scoring.events import RatingChanged
from services.scoring.store.generations import GenerationStore
from services.scoring.store.reading import ids_of
from shared.kernel import Cause
from shared.mongo import Document, DuplicateKeyError, InsertOne, ReplaceOne, Tx

DecideRanks = Callable[[Sequence[Stood]], tuple[Ranked, RatingChanged] | None]
# Of a card all that its rank needs: results and procedures are ninety-nine hundredths of it.
NEEDED = ("municipality", "version", "at", "loud", f"scores.{OVERALL}")


class ToldStore(GenerationStore):
    """Reads and moves on what was told of ratings."""

    async def told_rating(self, league: League) -> Ranked:
        """What was told last; nothing at first."""
        row = await self._db.find_one("told_ratings", {"_id": league.named(self.home)})
        return Ranked() if row is None else Ranked(row["age"], row["ranks"], row["data_at"])

    async def tell_rating(self, league: League, decide: DecideRanks, *, before: int, cause: Cause) -> Ranked | None:
        """Tell what `decide` makes of the cards of one moment, and remember it; None where it makes nothing of them.

        Overtaken when somebody else has told since `before`: what is told follows what was told last, without a gap.
        """
        name = league.named(self.home)

        async def body(tx: Tx) -> Ranked | None:
            where = {"period": league.period, "municipality": ids_of(league.region)}
            decided = decide([_stood_from(row) for row in await tx.find(self.cards_in, where, fields=NEEDED)])
            if decided is None:
                return None
            now, event = decided
            row = {"_id": name, "age": now.age, "ranks": dict(now.ranks), "data_at": now.at}
            put = ReplaceOne({"_id": name, "age": before}, row) if before else InsertOne(row)
            tx.put("told_ratings", [put], otherwise=Overtaken("somebody else has told"))
            tx.tell(event, cause)
            return now

        try:
            return await self._db.transact(body)
        except DuplicateKeyError as error:
            raise Overtaken("somebody else has told") from error


def _stood_from(row: Document) -> Stood:
    share = share_from(row["scores"][OVERALL])
    return Stood(row["municipality"], row["version"], row["at"], row.get("loud", False), share)
