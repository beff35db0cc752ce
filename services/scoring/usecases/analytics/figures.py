"""The figures of analytics documents: read from the facts of an instant, for every municipality that existed."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from services.scoring.domain import Methodology, blank, instant_text, last_facts, recount
from services.scoring.domain.analytics import (
    Document,
    Measured,
    Motivation,
    Round,
    Sources,
    Traits,
    data_of,
    inherited,
    once,
    read_motivation,
    reformed,
)
from services.scoring.domain.analytics.sections import Data
from services.scoring.domain.card import ProcedureScore
from services.scoring.domain.facts import Fact
from services.scoring.domain.names import alphabetical, days_of
from services.scoring.domain.period import period_words, period_year
from services.scoring.domain.permission import flags, titled
from services.scoring.domain.territory import Territory
from services.scoring.domain.yaml_text import read_yaml
from services.scoring.usecases.ports import KeepsAnalytics
from services.scoring.usecases.state import State
from shared.kernel import FieldError, Refused

MOTIVATION = Path(__file__).resolve().parents[4] / "data" / "motivation.yaml"


@cache
def the_motivation(path: Path = MOTIVATION) -> Motivation:
    """The motivating indicators of the platform, read once."""
    return read_motivation(read_yaml(path.read_text(encoding="utf-8")).data)


class Figures:
    """Fills the platform's sections."""

    def __init__(self, store: KeepsAnalytics, state: State) -> None:
        self._store = store
        self._state = state

    async def data(self, one: Document, now: datetime) -> Data:
        """What the platform knows of each section, as of an instant; nothing where the procedure is scored no more."""
        methodology = self._state.edition_for(one.period)
        if methodology is None or one.procedure not in methodology.procedures:
            return {}
        return data_of(one, await self._sources(one, methodology, now))

    async def _sources(self, one: Document, methodology: Methodology, now: datetime) -> Sources:
        scores, facts = await self._scores(one.procedure, one.period, now)
        names, before = self._state.names, one.before or ""
        territory, gone = Territory(names.every()), self._gone(scores)
        scores = once(scores, territory, days_of(one.period)[1])
        return Sources(
            round=Round(
                methodology=methodology,
                procedure=methodology.procedures[one.procedure],
                period=one.period,
                scores=scores,
                facts=facts,
                name_of=lambda key: names.of(key, one.period),
                gone=gone,
            ),
            before=await self._before(one, scores, territory, now),
            motivation=the_motivation(),
            indicator_titles=(await self._store.indicators()).get(one.procedure, {}),
            as_of=now,
            flags=titled(flags([one.procedure], self._state.permitted, now), methodology),
            traits=self._traits(scores, one.period),
            reforms=reformed(territory, scores, (before, one.period), names),
        )

    async def _before(
        self, one: Document, later: Mapping[str, ProcedureScore], territory: Territory, now: datetime
    ) -> Measured:
        """What was measured in the earlier period, by the ids of the `later` one."""
        period = one.before or ""
        found, _ = await self._scores(one.procedure, period, now)
        scores = inherited(found, later, territory, days_of(one.period)[1])
        rules = self._state.rules.as_of(now).edition_for(period)
        return Measured(period, rules.id if rules else None, scores, self._gone(scores))

    def _traits(self, whose: Collection[str], period: str) -> dict[str, Traits]:
        """What makes these municipalities similar."""
        names = self._state.names
        return {key: Traits(names.kind(key, period), names.population(key)) for key in whose}

    def _gone(self, scores: Collection[str]) -> list[str]:
        """Whoever is known and has no place among the scores of a period: did not exist in it."""
        return [key for key in self._state.names.ids(self._state.home) if key not in scores]

    async def _scores(self, procedure: str, period: str, now: datetime) -> tuple[dict[str, ProcedureScore], list[Fact]]:
        """The procedure's scores of the home region's municipalities that existed, by name, as of an instant.

        And the facts that count.
        """
        rules = self._state.rules.as_of(now)
        methodology = rules.edition_for(period)
        if methodology is None or procedure not in methodology.procedures:
            return {}, []
        facts = await self._store.facts_of_procedure(procedure, period, until=instant_text(now))
        cards = recount(facts, methodology_of=rules.methodology_of)
        names, home = self._state.names, self._state.home
        # One that did not exist and has a result all the same is taken at its word.
        own = {key: card for (key, _), card in cards.items() if card.league.region == home}
        told = {key for key, card in own.items() if card.procedures[procedure].state == "scored"}
        known = {key for key in names.ids(home) if names.existed(key, period)} | told
        ordered = sorted(known, key=lambda key: (alphabetical(str(names.of(key, period)["name"])), key))
        scores = {key: (own.get(key) or blank(methodology, key, period)).procedures[procedure] for key in ordered}
        counting = {one.held.result for one in scores.values() if one.state == "scored" and one.held}
        return scores, [fact for key, fact in sorted(last_facts(facts).items()) if key in counting]

    def rules(self, procedure: str, period: str) -> Methodology:
        """The edition that scores a procedure in a period; Refused where there is none."""
        period_year(period)
        methodology = self._state.edition_for(period)
        if methodology is None:
            error = FieldError(
                "/period", "unknown-period", f"За {period_words(period)} нет редакции методики", "Загрузите методику"
            )
            raise Refused("unknown-period", "За этот период оценки нет", f"{error.message}.", errors=[error])
        if procedure not in methodology.procedures:
            known = ", ".join(methodology.procedures)
            error = FieldError(
                "/procedure", "unknown-procedure", f"«{procedure[:100]}» не оценивается", f"Есть: {known}"
            )
            detail = f"Методика {methodology.id} не оценивает «{procedure[:100]}»."
            raise Refused("unknown-procedure", "Такой процедуры нет в методике", detail, errors=[error])
        return methodology
