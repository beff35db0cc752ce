"""Rescaling: a moved best measures every card of its cohort anew; told once, with the differences kept apart."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.scoring.domain.card import Card, CardKey, Score
from services.scoring.domain.draft import Draft, OutdatedCard, check_edition, summed
from services.scoring.domain.league import League, league_of
from services.scoring.domain.methodology import Methodology
from services.scoring.domain.scale import (
    Best,
    BestMoved,
    BestsOf,
    Cohort,
    Scale,
    best_text,
    bests_of,
    moves_between,
    remeasured,
)
from services.scoring.domain.telling import Turn, standing
from services.scoring.events import BestValue, MovedBest, ScaleMoved, Standing
from shared.kernel import Cause

BESTS_NAMED = 20
HOLDERS_NAMED = 10


@dataclass(frozen=True, slots=True)
class ScaleTurn:
    """A scale before a decision and after it; where a best moved, what is told and the scores that followed."""

    before: Scale
    after: Scale
    cause: Cause
    told: ScaleMoved | None = None
    differences: tuple[Mapping[str, Any], ...] = ()


def rescale(
    drafts: Mapping[CardKey, Draft], cards: Mapping[CardKey, Card], *, scales: Mapping[League, Scale], now: datetime
) -> tuple[list[Turn], list[ScaleTurn]]:
    """All turns of a batch and those of the scales that its facts have a part in.

    `cards` holds the whole cohort of such a league.
    """
    leagues = dict.fromkeys(league_of(*key) for key, draft in drafts.items() if draft.scaled)
    moved = [_Cohort(league, drafts, cards, scales) for league in leagues]
    silent = [turn for one in moved for turn in one.silent]
    turns = [draft.turn() for draft in drafts.values() if draft.applied]
    return [*turns, *silent], [one.turn([*turns, *silent], now) for one in moved]


class _Cohort:
    """One league whose scale a batch has a part in; its drafts are measured anew where a best moved."""

    def __init__(
        self,
        league: League,
        drafts: Mapping[CardKey, Draft],
        cards: Mapping[CardKey, Card],
        scales: Mapping[League, Scale],
    ) -> None:
        self.league = league
        own = {key[0]: draft for key, draft in drafts.items() if draft.applied and league_of(*key) == league}
        self.facts = [fact for draft in own.values() for fact in draft.scaled]
        self.methodology = next(iter(own.values())).methodology
        self.cards = {key[0]: card for key, card in cards.items() if league_of(*key) == league}
        for card in self.cards.values():
            check_edition(card, self.methodology)
        self.before = scale_for(league, self.methodology, scales)
        old: Cohort = {one: card.procedures for one, card in self.cards.items()}
        new: Cohort = {**old, **{one: draft.procedures for one, draft in own.items()}}
        touched = {fact.procedure for fact in self.facts}
        kept = {key: bests for key, bests in self.before.bests.items() if key not in touched}
        bests = kept | dict(bests_of(self.methodology, new, touched))
        self.moves = moves_between(self.methodology, (self.before.bests, old), (bests, new))
        self.after = self.before.moved(bests, told=bool(self.moves))
        changed = [key for key in touched if self.before.bests.get(key) != bests.get(key)]
        for draft in own.values():
            draft.number = self.after.number if draft.scaled else draft.number
        self.silent = self._measure(own, new, changed) if changed else []

    def _measure(self, own: Mapping[str, Draft], cohort: Cohort, changed: Collection[str]) -> list[Turn]:
        """Measure the cohort by the new bests; the turns of those who sent nothing."""
        silent = []
        cause = self.facts[-1].cause
        for municipality, placed in cohort.items():
            new = remeasured(self.methodology, placed, bests=self.after.bests, procedures=changed)
            if new is placed:
                continue
            draft = own.get(municipality)
            if draft is not None:
                draft.remeasure(new, changed, self.after.number)
                continue
            card = self.cards[municipality]
            groups = {self.methodology.group_of[key] for key in changed}
            after = replace(summed(card, new, methodology=self.methodology, touched=groups), scale=self.after.number)
            silent.append(Turn(card, after, causes=(), cause=cause, quiet=True, silent=True))
        return silent

    def turn(self, turns: Iterable[Turn], now: datetime) -> ScaleTurn:
        """The turn of the scale, with the differences of those who are not told by themselves."""
        quiet = all(fact.quiet for fact in self.facts)
        silent = [one for one in turns if one.silent and one.after.league == self.league]
        cause = self.facts[-1].cause
        return scale_turn((self.before, self.after), self.moves, silent=silent, cause=cause, quiet=quiet, now=now)


def scale_for(league: League, methodology: Methodology, scales: Mapping[League, Scale]) -> Scale:
    """The stored scale of a league, or the first one; OutdatedCard when it is of another edition."""
    scale = scales.get(league)
    if scale is None:
        return Scale(league, methodology.id)
    if scale.methodology != methodology.id:
        raise OutdatedCard(f"scale of {league}: {scale.methodology}, not {methodology.id}")
    return scale


def scale_turn(
    scales: tuple[Scale, Scale],
    moves: Sequence[BestMoved],
    *,
    silent: Iterable[Turn],
    cause: Cause,
    quiet: bool,
    now: datetime,
) -> ScaleTurn:
    """A scale's turn; it is told where a best moved."""
    before, after = scales
    if not moves:
        return ScaleTurn(before, after, cause)
    said: dict[int, dict[str, Any]] = {}
    differences = tuple(_difference(turn, said) for turn in silent if turn.groups)
    league = after.league
    told = ScaleMoved(
        period=league.period,
        region=league.region or None,
        number=after.number,
        methodology=after.methodology,
        moved=tuple(_moved_best(one) for one in moves[:BESTS_NAMED]),
        moved_count=len(moves),
        scores_changed=len(differences),
        data_at=now,
        url=league.within(f"/v1/scales/{league.period}/{after.number}"),
        quiet=quiet,
    )
    return ScaleTurn(before, after, cause, told, differences)


def whole_scale(
    league: League, methodology: Methodology, cohort: Cohort, *, before: Scale | None
) -> tuple[Scale, BestsOf]:
    """The scale of a recounted cohort to begin from and its bests: another edition begins a scale of its own."""
    first = before or Scale(league, methodology.id)
    if first.methodology != methodology.id:
        first = replace(first, methodology=methodology.id, bests={})
    return first, bests_of(methodology, cohort)


def _difference(turn: Turn, said: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """A card's changed groups; `said` remembers what a score says, for the same few come again and again."""
    old, new = turn.before.scores, turn.after.scores
    changes = [
        {"group": group, "before": _said(old[group], said), "after": _said(new[group], said)} for group in turn.groups
    ]
    return {"municipality": turn.after.municipality, "changes": changes}


def _said(score: Score, said: dict[int, dict[str, Any]]) -> dict[str, Any]:
    found = said.get(id(score))
    if found is None:
        found = said[id(score)] = Standing.model_validate(standing(score, None)).model_dump()
    return found


def _moved_best(one: BestMoved) -> MovedBest:
    return MovedBest(
        procedure=one.procedure,
        indicator=one.indicator,
        better=one.rule.better,
        before=_best(one.before),
        after=_best(one.after),
    )


def _best(best: Best | None) -> BestValue | None:
    value = best_text(best)
    if best is None or value is None:
        return None
    held = best.municipalities
    return BestValue(value=value, municipalities=held[:HOLDERS_NAMED], count=len(held))
