"""Results of schools as they are stored, read for a page of schools."""

from collections.abc import Collection, Mapping
from typing import Any

from services.scoring.domain.schools.heard import Heard, heard_from
from services.scoring.store.reading import ids_of
from services.scoring.store.schools.signs import periods_of
from services.scoring.store.schools.standings import FACT, HEARD
from shared.mongo import ASCENDING, Database, Document
from shared.policy import Scope


class SchoolResultStore:
    """Reads schools that have results, and the results."""

    _db: Database

    async def described_procedures(self) -> list[Document]:
        """The procedures that are described for schools."""
        return await self._db.find("procedures", {"school": {"$type": "object"}}, fields=["school"])

    async def schools_with_results(
        self, condition: Mapping[str, Any], *, region: str, scope: Scope, after: str | None, limit: int
    ) -> list[Heard]:
        """A region's schools that anything was heard of in a year, in the order of ids, as far as a reader may see."""
        own = {"organization": ids_of(region)}
        wanted: list[Mapping[str, Any]] = [condition, own, {} if scope.everything else dict(scope.attributes)]
        if after is not None:
            wanted.append({"organization": {"$gt": after}})
        rows = await self._db.find(HEARD, {"$and": wanted}, sort=[("_id", ASCENDING)], limit=limit)
        return [heard_from(row) for row in rows]

    async def facts_of_schools(self, schools: Collection[str], year: int) -> list[Document]:
        """All revisions of these schools' results of a year, without what is spread over marks and scores."""
        where = {"organization": {"$in": list(schools)}, "period": {"$in": periods_of(year)}}
        return await self._db.find("facts", where, fields=FACT)
