"""Road maps, their activities, and what became of these on each side; what changes of it is told."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from services.roadmap.domain import (
    Activity,
    Execution,
    Line,
    Municipality,
    Put,
    RoadMap,
    concerns,
    lines,
    planned,
    reported,
)
from services.roadmap.store.documents import ACTIVITY, EXECUTION, ROADMAP
from shared.calendar import day_of
from shared.kernel import Cause, Repeat
from shared.mongo import Database, Document, Tx, UpdateOne
from shared.mongo.journal import journal
from shared.mongo.once import Answer, once

State = tuple[Activity, Execution]
TOLD_AT_ONCE, READ_AT_ONCE = 100, 100
# Who changes an activity reads what was reported of it, and the other way round: the document that both of them write
# makes MongoDB run one of them again, over what the other kept.
REPORTED = {"$inc": {"reported": 1}}
UNTOLD = {"told": {"$ne": True}}


class PlanStore:
    """Reads and changes of road maps."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def put(
        self,
        roadmap: str,
        decide: Callable[[RoadMap | None, Mapping[str, Activity], Collection[str], datetime], Put],
        *,
        cause: Cause,
    ) -> Put:
        """Decide over what is stored of a road map and what was reported for; keep and tell what changed."""

        async def body(tx: Tx) -> Put:
            row = await tx.find_one(ROADMAP.collection, {"_id": roadmap})
            found = await tx.find(ACTIVITY.collection, {"roadmap": roadmap})
            stored = ROADMAP.state(row) if row else None
            known = {one["_id"]: ACTIVITY.state(one) for one in found}
            outcome = decide(stored, known, await _reported(tx, known), tx.now)
            if outcome.map != stored:
                await journal(tx, ROADMAP.collection, [roadmap])
                await tx.write(ROADMAP.collection, [ROADMAP.put(outcome.map)])
            await journal(tx, ACTIVITY.collection, [one.id for one in outcome.changed])
            await _keep(tx, outcome.changed, cause)
            return outcome

        return await self._db.transact(body)

    async def tell_untold(self, cause: Cause) -> int:
        """Tell some of what was kept by code that does not tell; how much there was."""

        async def body(tx: Tx) -> int:
            found = await tx.find(ACTIVITY.collection, UNTOLD, limit=TOLD_AT_ONCE)
            await _keep(tx, [ACTIVITY.state(one) for one in found], cause)
            return len(found) or await _tell_reported(tx, cause)

        return await self._db.transact(body)

    async def roadmaps(self) -> list[RoadMap]:
        """All road maps by id."""
        return [ROADMAP.state(row) for row in await self._db.find(ROADMAP.collection, {}, sort=[("_id", 1)])]

    async def roadmap(self, roadmap: str) -> RoadMap | None:
        """The road map of this id."""
        row = await self._db.find_one(ROADMAP.collection, {"_id": roadmap})
        return ROADMAP.state(row) if row else None

    async def activity(self, activity: str) -> Activity | None:
        """The activity of this id, also a cancelled one."""
        row = await self._db.find_one(ACTIVITY.collection, {"_id": activity})
        return ACTIVITY.state(row) if row else None

    async def activities(self, where: Mapping[str, Any]) -> list[Activity]:
        """Activities in the order of their road maps."""
        return await _states(await self._db.find(ACTIVITY.collection, where, sort=[("roadmap", 1), ("place", 1)]))

    async def execution(self, activity: str, side: str | None) -> Execution:
        """What became of an activity on a side; nothing yet where nothing is kept."""
        empty = Execution(activity, side)
        row = await self._db.find_one(EXECUTION.collection, {"_id": empty.id})
        return EXECUTION.state(row) if row else empty

    async def executions(self, activities: Sequence[str]) -> list[Execution]:
        """What became of these activities on all sides that said anything."""
        found = await self._db.find(EXECUTION.collection, {"activity": {"$in": list(activities)}})
        return [EXECUTION.state(row) for row in found]

    async def lines(self, where: Mapping[str, Any], side: Municipality | None, *, on: date) -> list[Line]:
        """How activities stand on a day."""
        return await lines_of(self._db, where, side, on=on)

    async def change(
        self, activity: str, side: str | None, decide: Callable[[State | None, datetime], State], *,
        repeat: Repeat | None, answer: Callable[[State, bool], Answer], cause: Cause,
    ) -> Answer:  # fmt: skip
        """Decide over an activity and what became of it on a side; keep and tell what changed.

        The answer is kept for a repeat.
        """
        empty = Execution(activity, side)

        async def body(tx: Tx) -> Answer:
            row = await tx.find_one(ACTIVITY.collection, {"_id": activity})
            held = await tx.find_one(EXECUTION.collection, {"_id": empty.id})
            before = (ACTIVITY.state(row), EXECUTION.state(held) if held else empty) if row else None
            after = decide(before, tx.now)
            if before is None or after[1] != before[1]:
                if before is not None and before[1].declined != after[1].declined:
                    await journal(tx, EXECUTION.collection, [after[1].id])
                await tx.write(EXECUTION.collection, [EXECUTION.put(after[1])])
                await tx.write(ACTIVITY.collection, [UpdateOne({"_id": activity}, REPORTED)])
                _tell(tx, *after, cause)
            if before is None or after[0] != before[0]:
                await journal(tx, ACTIVITY.collection, [activity])
                await _keep(tx, [after[0]], cause)
            return answer(after, after != before)

        return await once(self._db, body, repeat)


async def lines_of(
    reader: Database | Tx, where: Mapping[str, Any], side: Municipality | None, *, on: date
) -> list[Line]:
    """How the activities that match stand on a day, as a side (or whoever they belong to) deals with them."""
    found = await reader.find(ACTIVITY.collection, where, sort=[("roadmap", 1), ("place", 1)])
    activities = await _states(found)
    executions = await _executions(reader, activities, side.id if side else None)
    roadmaps = await _roadmaps(reader, activities) if side else {}
    return lines(activities, executions, side=side, on=on, roadmaps=roadmaps)


async def _states(rows: Sequence[Document]) -> list[Activity]:
    """The activities of these documents; between some of them others have their turn: there are all of all years."""
    found: list[Activity] = []
    for start in range(0, len(rows), READ_AT_ONCE):
        found += [ACTIVITY.state(row) for row in rows[start : start + READ_AT_ONCE]]
        await asyncio.sleep(0)
    return found


async def _keep(tx: Tx, activities: Sequence[Activity], cause: Cause) -> None:
    """Keep activities and tell them, and what is left of them on each side that has reported anything."""
    if not activities:
        return
    await tx.write(ACTIVITY.collection, [ACTIVITY.put(one) for one in activities])
    by_id = {one.id: one for one in activities}
    for one in activities:
        tx.tell(planned(one), cause)
    rows = await tx.find(EXECUTION.collection, {"activity": {"$in": sorted(by_id)}})
    for row in rows:
        _tell(tx, by_id[row["activity"]], EXECUTION.state(row), cause)
    await _mark(tx, [row["_id"] for row in rows if not row.get("told")])


async def _tell_reported(tx: Tx, cause: Cause) -> int:
    """Tell what was reported of activities that were told already, to a process that does not tell."""
    rows = await tx.find(EXECUTION.collection, UNTOLD, limit=TOLD_AT_ONCE)
    whose = sorted({row["activity"] for row in rows})
    by_id = {row["_id"]: ACTIVITY.state(row) for row in await tx.find(ACTIVITY.collection, {"_id": {"$in": whose}})}
    for row in rows:
        _tell(tx, by_id[row["activity"]], EXECUTION.state(row), cause)
    await tx.write(ACTIVITY.collection, [UpdateOne({"_id": one}, REPORTED) for one in whose])
    await _mark(tx, [row["_id"] for row in rows])
    return len(rows)


async def _mark(tx: Tx, executions: Sequence[str]) -> None:
    told = {"$set": {"told": True}}
    await tx.write(EXECUTION.collection, [UpdateOne({"_id": one}, told) for one in executions])


def _tell(tx: Tx, activity: Activity, execution: Execution, cause: Cause) -> None:
    if (told := reported(activity, execution, on=day_of(tx.now))) is not None:
        tx.tell(told, cause)


async def _reported(tx: Tx, activities: Iterable[str]) -> set[str]:
    rows = await tx.find(EXECUTION.collection, {"activity": {"$in": sorted(activities)}}, fields=["activity"])
    return {row["activity"] for row in rows}


async def _executions(reader: Database | Tx, activities: Sequence[Activity], side: str | None) -> dict[str, Execution]:
    ids = [Execution(one.id, side or one.municipality).id for one in activities]
    found = await reader.find(EXECUTION.collection, {"_id": {"$in": ids}}) if ids else []
    return {row["_id"]: EXECUTION.state(row) for row in found}


async def _roadmaps(reader: Database | Tx, activities: Iterable[Activity]) -> dict[str, RoadMap]:
    ids = sorted({one.roadmap for one in activities})
    rows = await reader.find(ROADMAP.collection, {"_id": {"$in": ids}}) if ids else []
    return {row["_id"]: ROADMAP.state(row) for row in rows}


async def standing_of(tx: Tx, whose: Sequence[Municipality], today: date) -> dict[str, list[Line]]:
    """How each of these municipalities stands with the activities that concern it."""
    ids, regions = sorted(one.id for one in whose), sorted({one.region for one in whose})
    meant = {"municipality": {"$in": [None, *ids]}, "region": {"$in": regions}}
    activities = [ACTIVITY.state(row) for row in await tx.find(ACTIVITY.collection, meant)]
    known = {"activity": {"$in": [one.id for one in activities]}, "side": {"$in": ids}}
    rows = await tx.find(EXECUTION.collection, known) if activities else []
    executions = {row["_id"]: EXECUTION.state(row) for row in rows}
    roadmaps = await _roadmaps(tx, activities)
    return {
        one.id: lines(
            [each for each in activities if concerns(each, one.id, one.region)],
            executions,
            side=one,
            on=today,
            roadmaps=roadmaps,
        )
        for one in whose
    }
