"""Rescoring: one pure decision over a batch of facts; a municipality's changes are told as one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from services.scoring.domain.card import (
    Card,
    CardKey,
    ProcedureScore,
    Score,
    blank,
    group_scores,
    hold,
    place,
)
from services.scoring.domain.facts import Fact
from services.scoring.domain.methodology import Methodology
from services.scoring.domain.standings import Move, Standings, View
from services.scoring.events import GroupChange, ResultCause, ScoreChanged, Standing
from shared.kernel import Cause, number_text

CAUSES_NAMED = 100


class OutdatedCard(Exception):
    """A card was scored by another edition than the one in force: rebuild the period first (technical)."""


@dataclass(frozen=True, slots=True)
class Told:
    """A change to tell and what it follows from."""

    event: ScoreChanged
    cause: Cause


@dataclass(frozen=True, slots=True)
class Rescored:
    """What a batch decides.

    `cards`: changed ones, to be stored whole; `fresh`: facts to be stored (those of organisations, unknown
    procedures or periods without a methodology come as fresh each time: store by `Fact.id`, once); `old`:
    facts whose revision is not newer than the card's (nothing changes, nothing is told); `told`: in the order
    of the cards; `moves`: for `Standings.apply` once everything is stored.
    """

    cards: tuple[Card, ...] = ()
    fresh: tuple[Fact, ...] = ()
    old: tuple[Fact, ...] = ()
    told: tuple[Told, ...] = ()
    moves: tuple[Move, ...] = ()


class Draft:
    """A card in the making within one batch."""

    __slots__ = ("applied", "card", "methodology", "movers", "procedures", "scores")

    def __init__(self, card: Card, methodology: Methodology) -> None:
        if card.methodology != methodology.id:
            raise OutdatedCard(f"{card.municipality} {card.period}: {card.methodology}, not {methodology.id}")
        self.card = card
        self.methodology = methodology
        self.procedures = dict(card.procedures)
        self.scores: Mapping[str, Score] = card.scores
        self.applied: list[Fact] = []
        self.movers: list[Fact] = []

    def take(self, fact: Fact) -> bool:
        """Let a fact count; False when its revision is not newer than the known one."""
        before = self.procedures[fact.procedure]
        rest = []
        for held in before.known():
            if held.result != fact.result:
                rest.append(held)
            elif held.revision >= fact.revision:
                return False
        rest.append(hold(fact, self.methodology.procedures[fact.procedure]))
        after = place(
            fact.procedure,
            rest,
            methodology=self.methodology,
            municipality=self.card.municipality,
            period=self.card.period,
        )
        self.procedures[fact.procedure] = after
        self.applied.append(fact)
        if _moved(before, after):
            self.movers.append(fact)
        return True

    def settle(self) -> tuple[str, ...]:
        """Sum the groups up again; the groups whose score changed, in the methodology's order."""
        if self.movers:
            moved = {self.methodology.group_of[fact.procedure] for fact in self.movers}
            standing = {group: score for group, score in self.scores.items() if group not in moved}
            self.scores = group_scores(self.methodology, self.procedures, standing=standing)
        return tuple(group for group, score in self.scores.items() if score != self.card.scores.get(group))

    def finished(self, *, told: bool) -> Card:
        """The card after the batch; the revision grows when a change is told."""
        revision = self.card.revision + told
        return replace(self.card, procedures=self.procedures, scores=self.scores, revision=revision)

    def moves(self, groups: Sequence[str]) -> list[Move]:
        """The new shares of changed groups and procedures."""
        period, municipality = self.card.key[1], self.card.key[0]
        found = [Move(period, group, municipality, self.scores[group].share) for group in groups]
        procedures = dict.fromkeys(fact.procedure for fact in self.movers)
        return found + [Move(period, key, municipality, self.procedures[key].share) for key in procedures]


def rescore(
    cards: Mapping[CardKey, Card],
    facts: Sequence[Fact],
    *,
    methodology_of: Callable[[str], Methodology | None],
    standings: Standings,
    now: datetime,
) -> Rescored:
    """Decide over a batch; `cards` holds those of the facts' municipalities and periods that are stored.

    Nothing given is changed. Raises `OutdatedCard` when a card was scored by another edition.
    """
    drafts: dict[CardKey, Draft] = {}
    unscored: set[str] = set()
    fresh: list[Fact] = []
    old: list[Fact] = []
    for fact in facts:
        draft = _draft_for(fact, cards, drafts, methodology_of=methodology_of)
        if draft is None:
            news = fact.id not in unscored
            unscored.add(fact.id)
        else:
            news = draft.take(fact)
        (fresh if news else old).append(fact)
    touched = [(draft, draft.settle()) for draft in drafts.values() if draft.applied]
    ranks = Ranks(touched, standings)
    return Rescored(
        cards=tuple(draft.finished(told=bool(groups)) for draft, groups in touched),
        fresh=tuple(fresh),
        old=tuple(old),
        told=tuple(tell(draft, groups, ranks=ranks, now=now) for draft, groups in touched if groups),
        moves=tuple(move for draft, groups in touched for move in draft.moves(groups)),
    )


def _draft_for(
    fact: Fact,
    cards: Mapping[CardKey, Card],
    drafts: dict[CardKey, Draft],
    *,
    methodology_of: Callable[[str], Methodology | None],
) -> Draft | None:
    """The draft that a fact belongs to; None for what is kept and not scored."""
    if fact.municipality is None or fact.organization is not None:
        return None
    key = (fact.municipality, fact.period)
    draft = drafts.get(key)
    if draft is None:
        methodology = methodology_of(fact.period)
        if methodology is None or fact.procedure not in methodology.procedures:
            return None
        card = cards.get(key) or blank(methodology, *key)
        draft = drafts[key] = Draft(card, methodology)
    return draft if fact.procedure in draft.methodology.procedures else None


def _moved(before: ProcedureScore, after: ProcedureScore) -> bool:
    return before.state != after.state or before.points != after.points


class Ranks:
    """The ranks of a batch's municipalities before it and after it; all its moves count at once."""

    def __init__(self, touched: Sequence[tuple[Draft, Sequence[str]]], standings: Standings) -> None:
        before: dict[tuple[str, str], dict[str, Fraction | None]] = {}
        after: dict[tuple[str, str], dict[str, Fraction | None]] = {}
        for draft, groups in touched:
            municipality, period = draft.card.key
            for group in groups:
                old = draft.card.scores.get(group)
                before.setdefault((period, group), {})[municipality] = old.share if old else None
                after.setdefault((period, group), {})[municipality] = draft.scores[group].share
        self._before = {key: standings.table(*key).view(shares) for key, shares in before.items()}
        self._after = {key: standings.table(*key).view(shares) for key, shares in after.items()}

    def before(self, period: str, group: str) -> View:
        """The table as it stood."""
        return self._before[period, group]

    def after(self, period: str, group: str) -> View:
        """The table as it stands once the batch is stored."""
        return self._after[period, group]


def tell(draft: Draft, groups: Sequence[str], *, ranks: Ranks, now: datetime) -> Told:
    """The one change of a municipality and period that a batch tells, with its causes merged."""
    municipality, period = draft.card.key
    causes = draft.movers or draft.applied
    named = causes[:CAUSES_NAMED]
    event = ScoreChanged(
        municipality=municipality,
        period=period,
        revision=draft.card.revision + 1,
        methodology=draft.methodology.id,
        changes=tuple(
            GroupChange(
                group=group,
                before=standing(draft.card.scores.get(group), ranks.before(period, group)),
                after=standing(draft.scores[group], ranks.after(period, group)),
            )
            for group in groups
        ),
        causes=tuple(
            ResultCause(result=fact.result, revision=fact.revision, procedure=fact.procedure)
            for fact in named
        ),
        causes_count=len(causes),
        data_at=now,
        quiet=all(fact.quiet for fact in causes),
    )
    return Told(event, causes[-1].cause)


def standing(score: Score | None, table: View) -> Standing:
    """A score as it is told, with its rank in a table."""
    if score is None or score.points is None or score.maximum is None or score.share is None:
        return Standing(state="no_data" if score is None else score.state)
    return Standing(
        state=score.state,
        points=number_text(score.points),
        maximum=number_text(score.maximum),
        share=number_text(score.share),
        percent=score.percent,
        level=score.level,
        rank=table.rank(score.share),
    )
