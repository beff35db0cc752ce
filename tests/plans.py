"""What MongoDB looks through to answer: a query that takes no index is slow only where there is very much."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from shared.mongo import Database


@dataclass(frozen=True, slots=True)
class Look:
    """One reading of a collection: by which plan, how many keys and documents were looked at, how many were found."""

    command: str
    collection: str
    plan: str
    keys: int
    documents: int
    found: int


@dataclass
class Looks:
    """What was read, once the reading is over."""

    all: list[Look] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    """Reads and writes in their order, by their verb and collection; commits are not among them."""

    def of(self, collection: str) -> list[Look]:
        """The readings of a collection; there must be some."""
        looks = [one for one in self.all if one.collection == collection]
        assert looks, f"nothing was read of {collection}"
        return looks


@asynccontextmanager
async def looking(database: Database) -> AsyncIterator[Looks]:
    """What the reads made meanwhile look through, as MongoDB's own profiler says."""
    driver, looks = database._db, Looks()
    await driver.command("profile", 2)
    try:
        yield looks
    finally:
        await driver.command("profile", 0)
        asked = [row async for row in driver["system.profile"].find({"ns": {"$ne": f"{database.name}.system.profile"}})]
        await driver["system.profile"].drop()
    looks.commands += [_said(row) for row in asked]
    looks.all += [
        Look(
            command=next(iter(row["command"])),
            collection=row["ns"].partition(".")[2],
            plan=row["planSummary"],
            keys=row["keysExamined"],
            documents=row["docsExamined"],
            found=row["nreturned"],
        )
        for row in asked
        if "planSummary" in row and row["op"] in {"query", "command", "getmore"} and "nreturned" in row
    ]


def _said(row: dict[str, Any]) -> str:
    verb = row["op"] if row["op"] in {"insert", "update", "remove"} else next(iter(row["command"]))
    return f"{verb} {row['ns'].partition('.')[2]}"
