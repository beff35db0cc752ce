"""Telling that ranks moved: the difference to what was told last, whoever told it; called at a pace, not per batch."""

from collections.abc import Mapping
from datetime import datetime

from services.scoring.domain import OVERALL
from services.scoring.domain.league import League
from services.scoring.domain.rating import moved_ranks
from services.scoring.events import RatingChanged
from services.scoring.usecases import measures
from services.scoring.usecases.ports import Keeps
from services.scoring.usecases.state import State
from shared.telemetry import current_cause

Told = tuple[int, dict[str, int], datetime | None]


class Telling:
    """Tells changes of overall ranks, one event per region, period and pace."""

    def __init__(self, store: Keeps, state: State) -> None:
        self._store = store
        self._state = state
        self._told: dict[League, Told] = {}

    async def tell_rating(self, league: League) -> None:
        """Tell how a league's overall ranks differ from those told last, if they do.

        Quiet when every change since was. A copy that has seen less than was told tells nothing.
        """
        measures.measure_levels(self._state.mirror)
        told = self._told.get(league) or await self._read(league)
        if not await self._tell(league, told):
            self._told.pop(league, None)
            self._state.moved(league)

    async def _read(self, league: League) -> Told:
        """What was told last; loud changes that it included are loud no more."""
        told = self._told[league] = await self._store.told_rating(league)
        mirror, data_at = self._state.mirror, told[2]
        if data_at is not None and not any(one.loud and one.at > data_at for one in mirror.of(league).values()):
            mirror.hush(league)
        return told

    async def _tell(self, league: League, told: Told) -> bool:
        """False when somebody else has told meanwhile."""
        mirror = self._state.mirror
        age, ranks = mirror.age(league), mirror.standings.table(league, OVERALL).ranks()
        if ranks == told[1]:
            mirror.hush(league)
        if age <= told[0] or ranks == told[1]:
            return True
        loud = mirror.hush(league)
        event = self._event(league, (told[1], ranks), quiet=not loud)
        stored = False
        try:
            cause = current_cause()
            stored = await self._store.tell_rating(
                event, league=league, ranks=ranks, age=age, before=told[0], cause=cause
            )
        finally:
            mirror.shout(league, loud=loud and not stored)
        if stored:
            self._told[league] = (age, ranks, event.data_at)
            measures.RATINGS_TOLD.inc()
        return stored

    def _event(
        self, league: League, ranks: tuple[Mapping[str, int], Mapping[str, int]], *, quiet: bool
    ) -> RatingChanged:
        count, movers = moved_ranks(*ranks)
        return RatingChanged(
            period=league.period,
            region=league.region or None,
            data_at=self._state.mirror.data_at(league),
            moved=count,
            movers=movers,
            url=league.within(f"/v1/ratings/{league.period}?group={OVERALL}"),
            quiet=quiet,
        )
