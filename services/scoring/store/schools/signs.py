"""Signs of bias as they were last looked for, a run for each year; what is shown is always one whole run."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson

from services.scoring.domain.signs import METHOD
from services.scoring.store.reading import ids_of
from services.scoring.store.schools.years import YEARS, year_of
from services.scoring.works.schools import look_for_signs
from shared.aside import aside_stream, told_first
from shared.mongo import ASCENDING, Database, DeleteMany, Document, ReplaceOne, UpdateOne
from shared.policy import Scope

SIGNS = "school_signs"
FACT = ("organization", "municipality", "procedure", "period", "result", "revision", "values", "not_applicable")
LEASE = timedelta(minutes=15)
SECONDS = 600.0
KEPT_AT_ONCE = 1_000


class SignStore:
    """Streams facts to the tests and keeps what they say."""

    _db: Database
    home: str

    async def years_of_schools(self) -> list[Document]:
        """Every region's year with results of schools (`league`), and whether its signs are of all of it (`level`)."""
        rows = await self._db.find(YEARS, {}, sort=[("_id", ASCENDING)])
        return [{**row, "league": year_of(row["_id"], self.home), "level": _level(row)} for row in rows]

    async def take_year(self, year: str, *, now: datetime) -> Document | None:
        """Take a year to look at, whose signs are of older results or methods; None where another process has it."""
        free = {"$or": [{"lease": {"$exists": False}}, {"lease": None}, {"lease": {"$lt": now}}]}
        # What is missing is less than any number. A newer method stands: two versions would redo each other's years.
        behind = [
            {"$ne": ["$wanted", {"$ifNull": ["$done", 0]}]},
            {"$lt": ["$method.n", METHOD]},
            {"$ne": ["$method.run", "$run"]},
        ]
        newer = {"$expr": {"$or": behind}}
        return await self._db.update(YEARS, {"_id": year, **free, **newer}, {"$set": {"lease": now + LEASE}})

    async def leave_year(self, year: str) -> None:
        """Give a year back that could not be looked at."""
        await self._db.write(YEARS, [UpdateOne({"_id": year}, {"$set": {"lease": None}})])

    async def school_keys(self) -> dict[str, list[str]]:
        """The indicators of the procedures that are described for schools."""
        rows = await self._db.find("procedures", {"school": {"$type": "object"}}, fields=["indicators"])
        return {row["_id"]: [one["key"] for one in row.get("indicators", ())] for row in rows}

    async def look_for_signs(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """The signs of a region's year over the facts of it and of the year before, which only pass through here."""
        periods = [*periods_of(wanted["year"]), *periods_of(wanted["year"] - 1)]
        whose = {"organization": {"$type": "string", **ids_of(wanted["region"])}}
        facts = self._db.raw("facts", {"period": {"$in": periods}, **whose}, fields=FACT)
        told = told_first(orjson.dumps(wanted), facts)
        made = await aside_stream(look_for_signs, told, seconds=SECONDS, who="nobody")
        found: dict[str, Any] = orjson.loads(made)
        return found

    async def keep_signs(
        self, taken: Mapping[str, Any], found: Mapping[str, Any], *, thresholds: str | None, now: datetime
    ) -> None:
        """Keep a run and show it from now on; the run before stays for those who are reading it.

        A sign is of whom the school belongs to, not of whoever told the result.
        """
        year, before = taken["_id"], int(taken.get("run", 0))
        run = before + 1
        named = [f"{year.rpartition('-')[2]}|{sign['organization']}" for sign in found["signs"]]
        heard = await self._db.find("school_heard", {"_id": {"$in": named}}, fields=["organization", "municipality"])
        owners = {one["organization"]: {"municipality": one["municipality"]} for one in heard}
        rows = [_row(sign | owners.get(sign["organization"], {}), year, run) for sign in found["signs"]]
        for start in range(0, len(rows), KEPT_AT_ONCE):
            some = rows[start : start + KEPT_AT_ONCE]
            await self._db.write(SIGNS, [ReplaceOne({"_id": row["_id"]}, row, upsert=True) for row in some])
        shown = {"done": taken["wanted"], "run": run, "tests": found["tests"], "thresholds": thresholds, "at": now}
        known = {"method": _method(run), "lease": None}
        await self._db.write(YEARS, [UpdateOne({"_id": year}, {"$set": shown | known})])
        await self._db.write(SIGNS, [DeleteMany({"year": year, "run": {"$lt": before}})])

    async def signs_page(
        self, year: Mapping[str, Any], condition: Mapping[str, Any], *, scope: Scope, after: str | None, limit: int
    ) -> list[Document]:
        """Signs of the shown run, within what the reader may see."""
        wanted: list[Mapping[str, Any]] = [
            {"year": year["_id"], "run": year.get("run", 0)},
            condition,
            {} if scope.everything else dict(scope.attributes),
        ]
        if after is not None:
            wanted.append({"key": {"$gt": after}})
        return await self._db.find(SIGNS, {"$and": wanted}, sort=[("key", ASCENDING)], limit=limit)


def _method(run: int) -> Document:
    """By what a run was made; a process of an older version makes the next one and leaves this where it was."""
    return {"n": METHOD, "run": run}


def _level(year: Mapping[str, Any]) -> bool:
    method = year.get("method", {"n": 0, "run": 0})
    fresh = method["n"] >= METHOD and method["run"] == year.get("run", 0)
    return bool(fresh and year["wanted"] == year.get("done", 0))


def periods_of(year: int) -> list[str]:
    """The periods that count to a year: it itself, and the school year that ends in it."""
    return [str(year), f"{year - 1}-{year}"]


def _row(sign: Mapping[str, Any], year: str, run: int) -> Document:
    key = f"{sign['organization']}|{sign['procedure']}|{sign['kind']}"
    return {**sign, "_id": f"{year}|{run}|{key}", "key": key, "year": year, "run": run}
