"""What is held in memory of what comes next: all of it at the start, then what other processes store."""

from collections.abc import AsyncIterator

from services.notification.domain import AdviceFact, PlanFact, plan_of
from services.notification.domain.advice import OPEN
from services.notification.store import advice, plans
from shared.mongo import Database


class ComingStore:
    """Deadlines of road maps, and recommendations that are open."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def plans(self) -> list[PlanFact]:
        """All activities, and what is left of them."""
        return await plans.all_plans(self._db)

    async def open_advice(self) -> list[AdviceFact]:
        """All recommendations that are open."""
        rows = await self._db.find(advice.COLLECTION, {"state": {"$in": list(OPEN)}})
        return [AdviceFact.of(row) for row in rows]

    async def plan_changes(self) -> AsyncIterator[PlanFact | None]:
        """What other processes stored of plans; None where all is to be read."""
        async for row in plans.foreign_rows(self._db, plans.COLLECTION):
            yield plan_of(row) if row else None

    async def advice_changes(self) -> AsyncIterator[AdviceFact | None]:
        """What other processes stored of recommendations; None where all is to be read."""
        async for row in plans.foreign_rows(self._db, advice.COLLECTION):
            yield AdviceFact.of(row) if row else None
