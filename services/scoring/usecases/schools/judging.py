"""Judging schools beside the main path: what waits is taken a few at a time until nothing waits."""

from services.scoring.domain.schools.settling import settle
from services.scoring.usecases.schools.ports import KeepsStandings
from services.scoring.usecases.state import State


class Judging:
    """Keeps standings level with results."""

    def __init__(self, store: KeepsStandings, state: State) -> None:
        self._store = store
        self._state = state

    async def judge(self, _: str = "") -> None:
        """Judge every school that has news; then signs may be looked for anew."""
        await self._store.note_unheard()
        while await self._store.spread_notes() or await self._store.settle_schools(settle):
            pass
        self._state.schools_judged("")
