"""One municipality's score: by group and procedure, explained to the last value, over the years."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from services.scoring.domain import (
    OVERALL,
    Card,
    CardKey,
    Explainer,
    Fact,
    Methodology,
    ProcedureScore,
    Score,
    Standings,
    Table,
    blank,
    instant_text,
    last_facts,
    measured_cards,
    procedure_view,
    recount,
    score_view,
)
from services.scoring.domain.league import League, league_of, region_of
from services.scoring.domain.names import day_of
from services.scoring.domain.permission import flags, titled
from services.scoring.domain.rulebook import Rulebook
from services.scoring.domain.scale import BestsOf, bests_of
from services.scoring.domain.standings import procedure_table
from services.scoring.domain.what_if import Supposed, held_values, read_supposed, suppose
from services.scoring.usecases.ports import Keeps
from services.scoring.usecases.regions import meant, no_period
from services.scoring.usecases.state import State
from shared.kernel import NotFound


class Basis(NamedTuple):
    """A card as it stands or stood: with its ranks, its edition, the facts in force, the scale, and the instant."""

    card: Card
    rank_of: "Ranks"
    methodology: Methodology
    facts: Mapping[str, Fact]
    bests: BestsOf
    at: str


class Scores:
    """Answers scores in the shape of the API."""

    def __init__(self, store: Keeps, state: State) -> None:
        self._store = store
        self._state = state

    def municipality(self, text: str, period: str) -> str:
        """The id behind an id or an OKTMO code valid in the period; NotFound where it means nobody."""
        self._methodology(League(meant(self._state, None, own=text), period), self._state.rules)
        found = self._state.names.find(text, period)
        if found is None and self._state.mirror.get(text, period) is not None:
            return text
        if found is None:
            detail = f"«{text[:60]}»: нужен id муниципалитета или код ОКТМО, действовавший за {period}."
            raise NotFound("municipality-not-found", "Такого муниципалитета нет", detail)
        return found

    def bearer(self, text: str) -> str:
        """The id behind an id or an OKTMO code of any time, its last bearer; other texts as they are."""
        return next(iter(self._state.names.ever(text)), text)

    async def score(self, municipality: str, period: str, *, as_of: datetime | None = None) -> dict[str, Any]:
        """The score of a period by group and procedure, as it stands or as it stood."""
        seen = await self._look(municipality, period, as_of)
        return self._view(seen.card, seen.rank_of, seen.methodology, as_of) | {"as_of": seen.at, "edition": None}

    async def what_if(self, municipality: str, period: str, values: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        """The score as it stands and as it would be with these values; Refused (`invalid-what-if`)."""
        basis = await self.basis(municipality, period)
        held, limits = held_values(basis.card, basis.facts), await self._store.limits()
        supposed = read_supposed(values, basis.methodology, limits=limits, held=held)
        before = self._view(basis.card, basis.rank_of, basis.methodology)
        after = self._view(*self.supposing(basis, supposed), basis.methodology)
        return {"as_of": basis.at, "before": before, "after": after}

    def supposing(self, basis: Basis, supposed: Supposed) -> tuple[Card, "Ranks"]:
        """The card and the ranks as they would be; relative points are measured among the others."""
        after = suppose(basis.card, supposed, facts=basis.facts, methodology=basis.methodology)
        if not basis.methodology.relative:
            return after, basis.rank_of.instead(after)
        cards = self._among_others(after, basis.methodology)
        return cards[after.key], _ranks_of(cards, after.league)

    def _among_others(self, card: Card, methodology: Methodology) -> dict[CardKey, Card]:
        """All cards of a league measured by the best among them, one of them replaced by this one."""
        placed = self._ranks(card.league).cohort() | {card.municipality: card.procedures}
        measured = dict(measured_cards(card.period, placed, methodology))
        return measured | {card.key: replace(measured[card.key], revision=card.revision)}

    async def basis(self, municipality: str, period: str, *, as_of: datetime | None = None) -> Basis:
        """What explanations, suppositions and plans begin with."""
        card, rank_of, methodology, at = await self._look(municipality, period, as_of)
        bests = bests_of(methodology, rank_of.cohort()) if methodology.relative else {}
        return Basis(card, rank_of, methodology, await self._facts(card, as_of), bests, at)

    def _view(
        self, card: Card, rank_of: "Ranks", methodology: Methodology, as_of: datetime | None = None
    ) -> dict[str, Any]:
        return self.head(card, as_of) | {
            "revision": card.revision,
            "overall": score_view(card.scores[OVERALL], rank_of(OVERALL, card.scores[OVERALL])),
            "groups": _groups(card, rank_of),
            "procedures": {
                key: procedure_view(methodology, key, scored, rank_of=rank_of)
                for key, scored in card.procedures.items()
            },
        }

    async def explain(self, municipality: str, period: str, *, as_of: datetime | None = None) -> dict[str, Any]:
        """The whole chain from the overall score to the values, with each result's revision and source."""
        card, rank_of, methodology, facts, bests, at = await self.basis(municipality, period, as_of=as_of)
        explainer = Explainer(methodology, facts, rank_of, self._state.indicators, bests)
        return explainer.explain(card) | self.head(card, as_of) | {"as_of": at}

    async def history(self, municipality: str) -> list[dict[str, Any]]:
        """The scores of all periods by group, oldest first; also of those without its data, or without it."""
        found = []
        for period in self._state.periods(region_of(municipality)):
            card, rank_of = self._state.card(municipality, period), self._ranks(league_of(municipality, period))
            if card is not None:
                view = score_view(card.scores[OVERALL], rank_of(OVERALL, card.scores[OVERALL]))
                found.append(self.head(card) | {"overall": view, "groups": _groups(card, rank_of)})
        return found

    def latest(self, municipality: str, *, first: Callable[[League], bool] | None = None) -> str:
        """The last period for which anything is scored, for addresses without a period; rather one of the `first`."""
        region = region_of(municipality)
        every = self._state.periods(region)
        periods = (first and [period for period in every if first(League(region, period))]) or every
        held = ((period, self._state.mirror.get(municipality, period)) for period in periods)
        own = [period for period, one in held if one is not None and one.card.reported]
        if not own and not periods:
            raise NotFound("period-not-found", "За этот период баллов нет", "Баллов пока нет ни за один период.")
        return (own or periods)[-1]

    async def _look(self, municipality: str, period: str, as_of: datetime | None) -> "_Seen":
        """A card as it stands, or as it stood by the results, editions and acts that were recorded by then."""
        rules, mirror, league = self._state.rules, self._state.mirror, league_of(municipality, period)
        if as_of is None:
            methodology = self._methodology(league, rules)
            card = self._state.card(municipality, period) or blank(methodology, municipality, period)
            return _Seen(card, self._ranks(league), methodology, instant_text(mirror.data_at(league)))
        rules = rules.as_of(as_of)
        methodology = self._methodology(league, rules, as_of)
        facts = await self._store.facts_of(league, until=instant_text(as_of))
        cards = recount(facts, methodology_of=rules.methodology_of)
        card = cards.get((municipality, period)) or blank(methodology, municipality, period)
        return _Seen(self._state.alive(card, as_of), _ranks_of(cards, league), methodology, instant_text(as_of))

    def _ranks(self, league: League) -> "Ranks":
        mirror = self._state.mirror
        return Ranks(
            mirror.standings,
            league,
            lambda key: mirror.table(league, key),
            lambda: [one.card for one in mirror.of(league).values()],
        )

    async def _facts(self, card: Card, as_of: datetime | None) -> Mapping[str, Fact]:
        if as_of is not None:
            facts: Iterable[Fact] = await self._store.facts_of(
                card.league, municipality=card.municipality, until=instant_text(as_of)
            )
            return last_facts(facts)
        placed = card.procedures.values()
        held = [one for scored in placed if (one := scored.in_force or scored.withdrawn) is not None]
        named = await self._store.facts_named([f"{one.result}:{one.revision}" for one in held])
        return {fact.result: fact for fact in named.values()}

    def _methodology(self, league: League, rules: Rulebook, as_of: datetime | None = None) -> Methodology:
        found = rules.edition_for(league.period)
        if found is None:
            raise no_period(self._state, league, as_of=as_of)
        return found

    def head(self, card: Card, as_of: datetime | None = None) -> dict[str, Any]:
        """Whose score of which period, by which edition, and which uses in it are not permitted; as known then."""
        named = self._state.names.of(card.municipality, card.period, by=day_of(as_of))
        counted = [key for key, scored in card.procedures.items() if scored.state != "not_applicable"]
        # Of cards that another process has just recounted by an edition that this one has not read yet.
        edition = self._state.methodologies.get(card.methodology) or self._state.methodology_of(card.period)
        flagged = titled(flags(counted, self._state.permitted, as_of), edition) if edition else []
        return {"municipality": named, "period": card.period, "methodology": card.methodology, "flags": flagged}


class _Seen(NamedTuple):
    """A card as it stands or stood: with its ranks, its edition and the instant."""

    card: Card
    rank_of: "Ranks"
    methodology: Methodology
    at: str


class Ranks:
    """Ranks in the tables of one league; those of procedures are made when asked for."""

    def __init__(
        self, standings: Standings, league: League, table: Callable[[str], Table], cards: Callable[[], Iterable[Card]]
    ) -> None:
        self._standings, self._league, self._table, self._cards = standings, league, table, cards
        self._whose: str | None = None

    def cohort(self) -> dict[str, Mapping[str, ProcedureScore]]:
        """What is placed in the cards among which the ranks are."""
        return {card.municipality: card.procedures for card in self._cards()}

    def instead(self, card: Card) -> "Ranks":
        """The ranks as they would be with another card of this municipality."""
        other = Ranks(self._standings, self._league, self._table, self._cards)
        other._whose = card.municipality
        return other

    def table(self, group: str) -> Table:
        """The table of a group, `overall` or a procedure."""
        found = self._standings.table(self._league, group)
        return found if len(found) else self._table(group)

    def __call__(self, group: str, score: Score) -> int | None:
        if score.share is None:
            return None
        table = self.table(group)
        return (table.view({self._whose: score.share}) if self._whose else table).rank(score.share)


def _ranks_of(cards: Mapping[CardKey, Card], league: League) -> Ranks:
    found = cards.values()
    return Ranks(Standings(found), league, lambda key: procedure_table(found, key), lambda: found)


def _groups(card: Card, rank_of: Ranks) -> dict[str, Any]:
    return {key: score_view(score, rank_of(key, score)) for key, score in card.scores.items() if key != OVERALL}
