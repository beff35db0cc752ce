"""Rebuilding: recounted cards in the place of stored ones, the scale of their league with them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.scoring.domain.card import Card, CardKey, ProcedureScore
from services.scoring.domain.league import League, league_of
from services.scoring.domain.methodology import Methodology
from services.scoring.domain.placing import blank
from services.scoring.domain.rescaling import ScaleTurn, scale_turn, whole_scale
from services.scoring.domain.rescoring import NO_SCALES, MethodologyOf, Rescored, decided
from services.scoring.domain.scale import Cohort, Scale, moves_between
from services.scoring.domain.standings import Standings
from services.scoring.domain.telling import Turn
from shared.kernel import Cause


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why and when cards are recounted; a change of those whose facts were all `quiet` is told so, but for an act's."""

    cause: Cause
    now: datetime
    quiet: Collection[CardKey] = ()


def rebuild(
    stored: Mapping[CardKey, Card],
    recounted: Mapping[CardKey, Card],
    *,
    methodology_of: MethodologyOf,
    standings: Standings,
    occasion: Occasion,
    scales: Mapping[League, Scale] = NO_SCALES,
) -> Rescored:
    """Put recounted cards in the place of stored ones; of a league with relative rules both hold every card.

    The told revision goes on from the stored one; a score that differs (a new edition, an applicability act, a mended
    store) is told like any change, with rules and no result as its cause, so that each told change begins where the
    last one ended. What only the scale moved is told with the scale. A card without any fact says nothing any more.
    """
    wanted = {**_emptied(stored, recounted, methodology_of), **recounted}
    turns: list[Turn] = []
    moved: list[ScaleTurn] = []
    by_league: dict[League, dict[CardKey, Card]] = {}
    for key, card in wanted.items():
        by_league.setdefault(league_of(*key), {})[key] = card
    for league, cohort in by_league.items():
        methodology = methodology_of(league.period)
        if methodology is None:
            continue
        if methodology.relative:
            scaled, turn = _scaled(cohort, stored, methodology, before=scales.get(league), occasion=occasion)
            turns += scaled
            moved += [turn] if turn else []
        else:
            turns += _turns(cohort, stored, methodology, occasion=occasion)
    return decided(turns, standings, occasion.now, scales=moved)


def _emptied(
    stored: Mapping[CardKey, Card], recounted: Mapping[CardKey, Card], methodology_of: MethodologyOf
) -> dict[CardKey, Card]:
    return {
        key: blank(methodology, *key)
        for key in stored.keys() - recounted.keys()
        if (methodology := methodology_of(key[1])) is not None
    }


def _scaled(
    wanted: Mapping[CardKey, Card],
    stored: Mapping[CardKey, Card],
    methodology: Methodology,
    *,
    before: Scale | None,
    occasion: Occasion,
) -> tuple[list[Turn], ScaleTurn | None]:
    """The turns of one league with relative rules; that of its scale where it is another one."""
    league = league_of(*next(iter(wanted)))
    new: Cohort = {key[0]: card.procedures for key, card in wanted.items()}
    first, bests = whole_scale(league, methodology, new, before=before)
    old: Cohort = {
        key[0]: card.procedures for key in wanted if (card := stored.get(key)) and card.methodology == methodology.id
    }
    moves = moves_between(methodology, (first.bests, old), (bests, new))
    after = first.moved(bests, told=bool(moves))
    turns = _turns(wanted, stored, methodology, occasion=occasion, number=after.number, moved=bool(moves))
    begun = before or first
    if begun.methodology == methodology.id and begun.bests == bests and not turns:
        return [], None
    silent = [turn for turn in turns if turn.silent]
    quiet = all(key in occasion.quiet for key in wanted) and all(turn.quiet for turn in turns)
    scales = (begun, after)
    return turns, scale_turn(scales, moves, silent=silent, cause=occasion.cause, quiet=quiet, now=occasion.now)


def _turns(
    wanted: Mapping[CardKey, Card],
    stored: Mapping[CardKey, Card],
    methodology: Methodology,
    *,
    occasion: Occasion,
    number: int = 0,
    moved: bool = False,
) -> list[Turn]:
    """The turns of the cards that are not as they should be; what only a moved scale changed is silent."""
    turns = []
    for key, card in wanted.items():
        before = stored.get(key) or blank(methodology, *key)
        if key not in stored or before != replace(card, revision=before.revision, scale=before.scale):
            silent = moved and _only_measured(before, card, methodology)
            after, rules = replace(card, scale=number), _rules(stored.get(key), card)
            # An edition may be loaded beside history that was told quietly; an act is today's, whatever it concerns.
            quiet = key in occasion.quiet and all(rule["kind"] != "act" for rule in rules)
            told = {"quiet": quiet, "silent": silent}
            turns.append(Turn(before, after, (), occasion.cause, rules=rules, edition=methodology.title, **told))
    return turns


def _rules(before: Card | None, after: Card) -> list[dict[str, Any]]:
    """The rules by which a card is another one (`RuleCause`): its edition, and acts stated or withdrawn since."""
    edition = {"kind": "edition", "id": after.methodology}
    if before is None:
        return [edition]
    found: list[dict[str, Any]] = [edition] if before.methodology != after.methodology else []
    for key, score in after.procedures.items():
        old = before.procedures.get(key)
        if old is not None and old.stated != score.stated:
            act = score if score.stated else old
            withdrawn = act is old
            found.append({"kind": "act", "id": act.stated, "procedure": key, "act": act.act, "withdrawn": withdrawn})
    return found


def _only_measured(before: Card, after: Card, methodology: Methodology) -> bool:
    """Whether two cards say the same of their own results, and only the scale is another one."""
    if before.methodology != after.methodology or before.procedures.keys() != after.procedures.keys():
        return False
    measured = False
    for key, score in before.procedures.items():
        if score != after.procedures[key]:
            if key not in methodology.relative or _unmeasured(score) != _unmeasured(after.procedures[key]):
                return False
            measured = True
    return measured


def _unmeasured(score: ProcedureScore) -> ProcedureScore:
    return score if score.held is None else score._replace(held=score.held._replace(points=None))
