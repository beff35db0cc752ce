"""Clusters as they were last computed, kept under what they were computed of."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from services.scoring.store.reading import ids_of
from services.scoring.store.schools.signs import periods_of
from services.scoring.works.schools import group_schools, group_units
from shared.aside import aside, aside_stream, told_first
from shared.mongo import Database, ReplaceOne

CLUSTERS = "school_clusters"
FACT = ("organization", "procedure", "period", "result", "revision", "values.percent", "not_applicable")
SECONDS = 300.0


class ClusterStore:
    """Streams facts to the grouping and keeps what it says until the facts are others."""

    _db: Database

    async def clusters(self, key: str, version: str) -> dict[str, Any] | None:
        """What was computed of this very version."""
        found = await self._db.find_one(CLUSTERS, {"_id": key, "version": version})
        return None if found is None else dict(found["made"])

    async def keep_clusters(self, key: str, version: str, made: Mapping[str, Any]) -> None:
        """Keep what was computed, instead of what was computed of another version."""
        row = {"_id": key, "version": version, "made": dict(made)}
        await self._db.write(CLUSTERS, [ReplaceOne({"_id": key}, row, upsert=True)])

    async def group_schools(self, region: str, year: int, *, k: int | None) -> dict[str, Any]:
        """Clusters of a region's schools of a year, and whose they are."""
        whose = {"organization": {"$type": "string", **ids_of(region)}}
        where = {"period": {"$in": periods_of(year)}, **whose}
        facts = told_first(orjson.dumps({"k": k}), self._db.raw("facts", where, fields=FACT))
        made: dict[str, Any] = orjson.loads(await aside_stream(group_schools, facts, seconds=SECONDS, who="readers"))
        return made

    async def group_units(self, rows: Sequence[tuple[str, Mapping[str, float]]], *, k: int | None) -> dict[str, Any]:
        """Clusters of units by the given numbers."""
        made: dict[str, Any] = orjson.loads(
            await aside(group_units, orjson.dumps({"rows": rows, "k": k}), who="readers")
        )
        return made

    async def owners_of_schools(self, region: str, year: int) -> dict[str, str | None]:
        """The municipality of every school of a region with results of a year."""
        where = {"year": year, "organization": ids_of(region)}
        rows = await self._db.find("school_heard", where, fields=["organization", "municipality"])
        return {row["organization"]: row["municipality"] for row in rows}
