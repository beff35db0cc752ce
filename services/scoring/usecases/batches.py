"""Taking batches of events: one decision, one transaction, then the copies in memory follow."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from services.scoring.domain import Card, CardKey, OutdatedCard, Rescored, Scale, rescore
from services.scoring.domain.league import League
from services.scoring.domain.mirror import Overtaken, RulesMoved
from services.scoring.domain.news import Known, News, Taken, indicator_names
from services.scoring.usecases import measures
from services.scoring.usecases.overtaken import ATTEMPTS, gave_up
from services.scoring.usecases.ports import Keeps
from services.scoring.usecases.state import State
from shared.batch import Batch

Rescue = Callable[[Collection[CardKey]], Any]


class Batches:
    """Takes what the consumers heard."""

    def __init__(self, store: Keeps, state: State, *, mend: Rescue) -> None:
        self._store = store
        self._state = state
        self._mend = mend

    async def take(self, batch: Batch[Any] | None, news: News) -> Taken:
        """Store and score a batch; repeats and older revisions change nothing and tell nothing.

        Raises `Unavailable` when the store is away or others keep being faster; nothing is half-written.
        """
        began = time.perf_counter()
        keys = news.keys
        for attempt in range(ATTEMPTS):
            try:
                taken = await self._try(batch, news, careful=attempt > 0)
            except Overtaken:
                await self._state.catch_up(keys)
            except OutdatedCard:
                await self._state.catch_up(keys)
                # By rules that are stored while it goes on, the card is outdated once more, and these are read then.
                with suppress(RulesMoved):
                    await self._mend(keys)
            except BaseException:
                self._state.doubt_outcome(keys)
                raise
            else:
                self._follow(taken, news)
                if batch is not None:
                    batch.repeats = len(taken.decided.old)
                measures.RESCORING_SECONDS.observe(time.perf_counter() - began)
                return taken
        raise gave_up()

    async def _try(self, batch: Batch[Any] | None, news: News, *, careful: bool) -> Taken:
        """Once overtaken (`careful`), nothing in memory is relied on: the cards are read in the transaction."""
        state = self._state
        relative = state.relative(news.keys)
        if careful:
            known = Known(state.number, relative=relative)
        elif relative:
            known = self._cohorts(news, relative)
        else:
            known = Known(state.number, state.mirror.known(news.keys))
        return await self._store.take(batch, news, known=known, decide=self._decide(news), careful=careful)

    def _cohorts(self, news: News, relative: frozenset[League]) -> Known:
        """The cards of the facts, and all others of the leagues whose rules compare them."""
        mirror, keys = self._state.mirror, news.keys
        cards = mirror.known(keys)
        scales = {}
        for league in relative:
            cards |= {key: one for key, one in mirror.cohort(league).items() if key not in keys}
            if (scale := mirror.scale(league)) is not None:
                scales[league] = scale
        return Known(self._state.number, cards, relative, scales)

    def _decide(self, news: News) -> Callable[[Mapping[CardKey, Card], Mapping[League, Scale], datetime], Rescored]:
        def decide(cards: Mapping[CardKey, Card], scales: Mapping[League, Scale], now: datetime) -> Rescored:
            return rescore(
                cards,
                news.facts,
                methodology_of=self._state.methodology_of,
                standings=self._state.mirror.standings,
                now=now,
                scales=scales,
            )

        return decide

    def _follow(self, taken: Taken, news: News) -> None:
        """Let the copies in memory follow what is stored."""
        state = self._state
        for stored in taken.read:
            state.seen(stored)
        state.mirror.written(taken.stored, taken.decided.moves)
        state.mirror.weigh([*taken.scales, *(turn.after for turn in taken.decided.scales)])
        for municipality in news.municipalities:
            state.names.put(municipality)
        state.procedures.update({one["_id"]: one["name"] for one in news.procedures})
        state.indicators.update({one["_id"]: indicator_names(one) for one in news.procedures})
        for league in {stored.card.league for stored in taken.stored}:
            state.moved(league)
        if news.procedures or any(fact.organization is not None for fact in news.facts):
            state.school_news("")
        _measure(taken, news.facts)


def _measure(taken: Taken, facts: Sequence[Any]) -> None:
    if facts:
        measures.RESCORING_FACTS.observe(len(facts))
        measures.FACTS.labels("fresh").inc(len(taken.decided.fresh))
        measures.FACTS.labels("old").inc(len(taken.decided.old))
    for told in taken.decided.told:
        measures.SCORES_TOLD.labels("yes" if told.event.quiet else "no").inc()
