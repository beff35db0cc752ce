"""Which ranks of a period were told last; compared and set, so that two tellers tell once."""

from collections.abc import Mapping
from datetime import datetime

from services.scoring.domain.league import League
from services.scoring.events import RatingChanged
from shared.kernel import Cause
from shared.mongo import Database, DuplicateKeyError, InsertOne, ReplaceOne, Tx


class ToldStore:
    """Reads and moves on what was told of ratings."""

    _db: Database
    home: str

    async def told_rating(self, league: League) -> tuple[int, dict[str, int], datetime | None]:
        """The age (`Mirror.age`) and ranks told last, and of when; 0 and nothing at first."""
        row = await self._db.find_one("told_ratings", {"_id": league.named(self.home)})
        return (0, {}, None) if row is None else (row["age"], row["ranks"], row["data_at"])

    async def tell_rating(
        self, event: RatingChanged, *, league: League, ranks: Mapping[str, int], age: int, before: int, cause: Cause
    ) -> bool:
        """Tell a change of ranks and remember it; False when somebody else has told since `before`."""
        name = league.named(self.home)
        row = {"_id": name, "age": age, "ranks": dict(ranks), "data_at": event.data_at}

        async def body(tx: Tx) -> bool:
            put = ReplaceOne({"_id": name, "age": before}, row) if before else InsertOne(row)
            if await tx.write("told_ratings", [put]) != 1:
                return False
            tx.tell(event, cause)
            return True

        try:
            return await self._db.transact(body)
        except DuplicateKeyError:
            return False
