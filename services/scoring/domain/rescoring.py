"""Rescoring: one pure decision over a batch of facts; a municipality's changes are told as one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.scoring.domain.card import Card, CardKey
from services.scoring.domain.draft import Draft, OutdatedCard
from services.scoring.domain.facts import Fact
from services.scoring.domain.league import League, league_of
from services.scoring.domain.methodology import Methodology
from services.scoring.domain.placing import blank
from services.scoring.domain.rescaling import ScaleTurn, rescale
from services.scoring.domain.scale import Scale
from services.scoring.domain.standings import Move, Standings
from services.scoring.domain.telling import Told, Turn, tell

__all__ = ["MethodologyOf", "OutdatedCard", "Rescored", "decided", "rescore"]
MethodologyOf = Callable[[str], Methodology | None]
NO_SCALES: Mapping[League, Scale] = {}


@dataclass(frozen=True, slots=True)
class Rescored:
    """What a decision gives.

    `cards`: changed ones, to be stored whole; `fresh`: facts to be stored (those of organisations, unknown
    procedures or periods without a methodology come as fresh each time: store by `Fact.id`, once); `old`:
    facts whose revision is not newer than the card's (nothing changes, nothing is told); `told`: in the order
    of the cards; `moves`: for `Standings.apply` once everything is stored; `scales`: those that took part.
    """

    cards: tuple[Card, ...] = ()
    fresh: tuple[Fact, ...] = ()
    old: tuple[Fact, ...] = ()
    told: tuple[Told, ...] = ()
    moves: tuple[Move, ...] = ()
    scales: tuple[ScaleTurn, ...] = ()


def rescore(
    cards: Mapping[CardKey, Card],
    facts: Sequence[Fact],
    *,
    methodology_of: MethodologyOf,
    standings: Standings,
    now: datetime,
    scales: Mapping[League, Scale] = NO_SCALES,
) -> Rescored:
    """Decide over a batch; `cards` holds those of the facts' municipalities and periods that are stored.

    Of a league whose edition has relative rules it holds every card, and `scales` its scale. Nothing given is
    changed. Raises `OutdatedCard` when a card was scored by other rules.
    """
    drafts: dict[CardKey, Draft] = {}
    unscored: set[str] = set()
    fresh: list[Fact] = []
    old: list[Fact] = []
    for fact in facts:
        draft = _draft_for(fact, cards, drafts, methodology_of=methodology_of, scales=scales)
        if draft is None:
            news = fact.id not in unscored
            unscored.add(fact.id)
        else:
            news = draft.take(fact)
        (fresh if news else old).append(fact)
    turns, moved = rescale(drafts, cards, scales=scales, now=now)
    return decided(turns, standings, now, fresh=fresh, old=old, scales=moved)


def _draft_for(
    fact: Fact,
    cards: Mapping[CardKey, Card],
    drafts: dict[CardKey, Draft],
    *,
    methodology_of: MethodologyOf,
    scales: Mapping[League, Scale],
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
        draft = drafts[key] = Draft(card, methodology, scales.get(league_of(*key)))
    return draft if fact.procedure in draft.methodology.procedures else None


def decided(
    turns: Sequence[Turn],
    standings: Standings,
    now: datetime,
    *,
    fresh: Iterable[Fact] = (),
    old: Iterable[Fact] = (),
    scales: Iterable[ScaleTurn] = (),
) -> Rescored:
    """What the turns of cards and scales come to."""
    return Rescored(
        cards=tuple(turn.settled() for turn in turns),
        fresh=tuple(fresh),
        old=tuple(old),
        told=tell(turns, standings, now=now),
        moves=tuple(move for turn in turns for move in turn.moves()),
        scales=tuple(scales),
    )
