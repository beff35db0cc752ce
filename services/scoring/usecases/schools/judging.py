"""Judging schools beside the main path: what waits is taken a few at a time until nothing waits."""

from services.scoring.domain.schools.settling import settle
from services.scoring.usecases.schools.ports import KeepsSchools


class Judging:
    """Keeps standings level with results."""

    def __init__(self, store: KeepsSchools) -> None:
        self._store = store

    async def judge(self, _: str = "") -> None:
        """Judge every school that has news."""
        while await self._store.spread_notes() or await self._store.settle_schools(settle):
            pass
