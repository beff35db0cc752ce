"""The kept facts, read for as-of ratings, explanations and checks."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from services.scoring.domain import CardKey, Fact, fact_from
from services.scoring.domain.league import League
from services.scoring.store.reading import ids_of
from shared.mongo import Database

# What scores follow from.
COUNTING = (
    "result", "revision", "procedure", "period", "source", "occurred_at", "recorded_at", "correlation",
    "municipality", "organization", "values", "not_applicable", "reason",
)  # fmt: skip
# A municipality's own results: a school's carry its municipality too, and score nobody.
OWN = {"municipality": {"$exists": True}, "organization": {"$exists": False}}


class FactStore:
    """Reads facts."""

    _db: Database

    async def facts_of(
        self, league: League, *, municipality: str | None = None, until: str | None = None
    ) -> list[Fact]:
        """The facts of municipalities' own results of a league, of one of them, or recorded until an instant."""
        whose = municipality or ids_of(league.region)
        condition: dict[str, Any] = {"period": league.period, **OWN, "municipality": whose}
        if until is not None:
            condition["recorded_at"] = {"$lte": until}
        return [fact_from(row) async for row in self._db.stream("facts", condition)]

    async def facts_named(self, identities: Sequence[str]) -> dict[str, Fact]:
        """Facts by `Fact.id`."""
        rows = self._db.stream("facts", {"_id": {"$in": list(identities)}})
        return {row["_id"]: fact_from(row) async for row in rows}

    def facts_as_stored(self, league: League, *, until: str, named: Sequence[str] = ()) -> AsyncIterator[bytes]:
        """The facts of municipalities' own results recorded until an instant, and those named, not read here."""
        where: dict[str, Any] = {"period": league.period, "recorded_at": {"$lte": until}, **OWN}
        where["municipality"] = ids_of(league.region)
        if named:
            where = {"$or": [where, {"_id": {"$in": list(named)}}]}
        return self._db.raw("facts", where, fields=COUNTING)

    async def scored_keys(self) -> list[CardKey]:
        """Every municipality and period of whose own results facts are kept."""
        group = {"_id": {"period": "$period", "municipality": "$municipality"}}
        # Any period: an index that begins with it leaps over the results of schools.
        rows = await self._db.aggregate("facts", [{"$match": {"period": {"$gt": ""}, **OWN}}, {"$group": group}])
        return sorted((row["_id"]["municipality"], row["_id"]["period"]) for row in rows)
