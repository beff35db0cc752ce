"""Telling that ranks moved: the difference to what was told last, whoever told it; called at a pace, not per batch."""

from collections.abc import Sequence

from services.scoring.domain import OVERALL
from services.scoring.domain.league import League
from services.scoring.domain.mirror import Overtaken
from services.scoring.domain.ranked import Ranked, Stood, ranked
from services.scoring.domain.rating import moved_ranks
from services.scoring.events import RatingChanged
from services.scoring.usecases import measures
from services.scoring.usecases.ports import DecideRanks, Keeps
from services.scoring.usecases.state import State
from shared.telemetry import current_cause


class Telling:
    """Tells changes of overall ranks, one event per region, period and pace."""

    def __init__(self, store: Keeps, state: State) -> None:
        self._store = store
        self._state = state
        self._told: dict[League, Ranked] = {}

    async def tell_rating(self, league: League) -> None:
        """Tell how a league's overall ranks differ from those told last, if they do.

        Quiet when every change since was. The copy in memory only shows that there may be something to tell: it is
        behind with the writes of other processes. What is told is read with the telling, from all cards at once.
        """
        measures.measure_levels(self._state.mirror)
        told = self._told.get(league) or await self._read(league)
        try:
            await self._tell(league, told)
        except Overtaken:
            self._told.pop(league, None)
            self._state.moved(league)

    async def _read(self, league: League) -> Ranked:
        """What was told last; loud changes that it included are loud no more."""
        told = self._told[league] = await self._store.told_rating(league)
        mirror = self._state.mirror
        if not any(one.loud and one.at > told.at for one in mirror.of(league).values()):
            mirror.hush(league)
        return told

    async def _tell(self, league: League, told: Ranked) -> None:
        """Overtaken when somebody else has told meanwhile, or rebuilt the cards."""
        mirror = self._state.mirror
        ranks = mirror.standings.table(league, OVERALL).ranks()
        if ranks == told.ranks:
            mirror.hush(league)
        if mirror.age(league) <= told.age or ranks == told.ranks:
            return
        loud, settled = mirror.hush(league), False
        try:
            decide = self._decide(league, told, loud=loud)
            now = await self._store.tell_rating(league, decide, before=told.age, cause=current_cause())
            settled = True
        finally:
            mirror.shout(league, loud=loud and not settled)
        if now is None:
            # The copy differs from what this process knows as told, the store does not: others may have told since.
            self._told.pop(league)
        else:
            self._told[league] = now
            measures.RATINGS_TOLD.inc()

    def _decide(self, league: League, told: Ranked, *, loud: bool) -> DecideRanks:
        mirror = self._state.mirror
        age, seen = mirror.age(league), {name: one.version for name, one in mirror.of(league).items()}

        def decide(cards: Sequence[Stood]) -> tuple[Ranked, RatingChanged] | None:
            now = ranked(cards)
            if now.age < age:
                raise Overtaken("the cards were rebuilt: another generation of them is in use")
            if now.ranks == told.ranks:
                return None
            unseen = any(card.loud and card.version > seen.get(card.municipality, 0) for card in cards)
            return now, _event(league, told, now, quiet=not loud and not unseen)

        return decide


def _event(league: League, told: Ranked, now: Ranked, *, quiet: bool) -> RatingChanged:
    count, movers = moved_ranks(told.ranks, now.ranks)
    return RatingChanged(
        period=league.period,
        region=league.region or None,
        data_at=now.at,
        moved=count,
        movers=movers,
        url=league.within(f"/v1/ratings/{league.period}?group={OVERALL}"),
        quiet=quiet,
    )
