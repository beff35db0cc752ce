"""Rescoring: one pure decision over a batch of facts; a municipality's changes are told as one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.scoring.domain.card import Card, CardKey, ProcedureScore, blank, group_scores, hold, place
from services.scoring.domain.facts import Fact
from services.scoring.domain.methodology import Methodology
from services.scoring.domain.standings import Move, Standings
from services.scoring.domain.telling import Told, Turn, tell
from shared.kernel import Cause

MethodologyOf = Callable[[str], Methodology | None]


class OutdatedCard(Exception):
    """A card was scored by another edition than the one in force: rebuild the period first (technical)."""


@dataclass(frozen=True, slots=True)
class Rescored:
    """What a decision gives.

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


class _Draft:
    """A card in the making within one batch."""

    __slots__ = ("applied", "card", "methodology", "movers", "procedures")

    def __init__(self, card: Card, methodology: Methodology) -> None:
        if card.methodology != methodology.id:
            raise OutdatedCard(f"{card.municipality} {card.period}: {card.methodology}, not {methodology.id}")
        self.card = card
        self.methodology = methodology
        self.procedures = dict(card.procedures)
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

    def turn(self) -> Turn:
        """Sum the groups up again that a fact moved."""
        scores = self.card.scores
        if self.movers:
            moved = {self.methodology.group_of[fact.procedure] for fact in self.movers}
            standing = {group: score for group, score in scores.items() if group not in moved}
            scores = group_scores(self.methodology, self.procedures, standing=standing)
        after = replace(self.card, procedures=self.procedures, scores=scores)
        causes = self.movers or self.applied
        quiet = all(fact.quiet for fact in causes)
        return Turn(self.card, after, causes=causes, cause=causes[-1].cause, quiet=quiet)


def _moved(before: ProcedureScore, after: ProcedureScore) -> bool:
    """Whether a score says something else than before; the points of a text are one object, remembered."""
    if before.state != after.state:
        return True
    old, new = before.points, after.points
    return old is not new and old != new


def rescore(
    cards: Mapping[CardKey, Card],
    facts: Sequence[Fact],
    *,
    methodology_of: MethodologyOf,
    standings: Standings,
    now: datetime,
) -> Rescored:
    """Decide over a batch; `cards` holds those of the facts' municipalities and periods that are stored.

    Nothing given is changed. Raises `OutdatedCard` when a card was scored by another edition.
    """
    drafts: dict[CardKey, _Draft] = {}
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
    turns = [draft.turn() for draft in drafts.values() if draft.applied]
    return _decided(turns, standings, now, fresh=fresh, old=old)


def _draft_for(
    fact: Fact,
    cards: Mapping[CardKey, Card],
    drafts: dict[CardKey, _Draft],
    *,
    methodology_of: MethodologyOf,
) -> _Draft | None:
    """The draft that a fact belongs to; None for what is kept and not scored."""
    if fact.municipality is None or fact.organization is not None:
        return None
    key = (fact.municipality, fact.period)
    draft = drafts.get(key)
    if draft is None:
        methodology = methodology_of(fact.period)
        if methodology is None or fact.procedure not in methodology.procedures:
            return None
        draft = drafts[key] = _Draft(cards.get(key) or blank(methodology, *key), methodology)
    return draft if fact.procedure in draft.methodology.procedures else None


def rebuild(
    stored: Mapping[CardKey, Card],
    recounted: Mapping[CardKey, Card],
    *,
    standings: Standings,
    cause: Cause,
    now: datetime,
    quiet: bool = False,
) -> Rescored:
    """Put recounted cards in the place of stored ones.

    The told revision goes on from the stored one; a score that differs (a new edition, a mended store) is told
    like any change, with no result as its cause, so that each told change begins where the last one ended.
    """
    turns = [
        Turn(before, after, causes=(), cause=cause, quiet=quiet)
        for key, after in recounted.items()
        if (before := stored.get(key) or _untold(after)) != replace(after, revision=before.revision)
    ]
    return _decided(turns, standings, now)


def _untold(card: Card) -> Card:
    return replace(card, revision=0, procedures={}, scores={})


def _decided(
    turns: Sequence[Turn],
    standings: Standings,
    now: datetime,
    *,
    fresh: Iterable[Fact] = (),
    old: Iterable[Fact] = (),
) -> Rescored:
    return Rescored(
        cards=tuple(turn.settled() for turn in turns),
        fresh=tuple(fresh),
        old=tuple(old),
        told=tell(turns, standings, now=now),
        moves=tuple(move for turn in turns for move in turn.moves()),
    )
