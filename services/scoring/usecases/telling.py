"""Telling that ranks moved: the difference to what was told last, whoever told it; called at a pace, not per batch."""

from collections.abc import Mapping
from datetime import datetime

from services.scoring.domain import OVERALL
from services.scoring.domain.rating import moved_ranks
from services.scoring.events import RatingChanged
from services.scoring.usecases import measures
from services.scoring.usecases.ports import Keeps
from services.scoring.usecases.state import State
from shared.telemetry import current_cause

Told = tuple[int, dict[str, int], datetime | None]


class Telling:
    """Tells changes of overall ranks, one event per period and pace."""

    def __init__(self, store: Keeps, state: State) -> None:
        self._store = store
        self._state = state
        self._told: dict[str, Told] = {}

    async def tell_rating(self, period: str) -> None:
        """Tell how a period's overall ranks differ from those told last, if they do.

        Quiet when every change since was. A copy that has seen less than was told tells nothing.
        """
        measures.measure_levels(self._state.mirror)
        told = self._told.get(period) or await self._read(period)
        if not await self._tell(period, told):
            self._told.pop(period, None)
            self._state.moved(period)

    async def _read(self, period: str) -> Told:
        """What was told last; loud changes that it included are loud no more."""
        told = self._told[period] = await self._store.told_rating(period)
        mirror, data_at = self._state.mirror, told[2]
        if data_at is not None and not any(one.loud and one.at > data_at for one in mirror.of(period).values()):
            mirror.hush(period)
        return told

    async def _tell(self, period: str, told: Told) -> bool:
        """False when somebody else has told meanwhile."""
        mirror = self._state.mirror
        age, ranks = mirror.age(period), mirror.standings.table(period, OVERALL).ranks()
        if ranks == told[1]:
            mirror.hush(period)
        if age <= told[0] or ranks == told[1]:
            return True
        loud = mirror.hush(period)
        event = self._event(period, (told[1], ranks), quiet=not loud)
        stored = False
        try:
            cause = current_cause()
            stored = await self._store.tell_rating(event, ranks=ranks, age=age, before=told[0], cause=cause)
        finally:
            mirror.shout(period, loud=loud and not stored)
        if stored:
            self._told[period] = (age, ranks, event.data_at)
            measures.RATINGS_TOLD.inc()
        return stored

    def _event(self, period: str, ranks: tuple[Mapping[str, int], Mapping[str, int]], *, quiet: bool) -> RatingChanged:
        count, movers = moved_ranks(*ranks)
        return RatingChanged(
            period=period,
            data_at=self._state.mirror.data_at(period),
            moved=count,
            movers=movers,
            url=f"/v1/ratings/{period}?group={OVERALL}",
            quiet=quiet,
        )
