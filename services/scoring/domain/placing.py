"""Placing: what is known of a procedure's results becomes its score; a card of which nothing is known yet."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from services.scoring.domain.card import Card, Held, ProcedureScore, group_scores
from services.scoring.domain.facts import Fact
from services.scoring.domain.methodology import Exemption, Methodology, Procedure
from services.scoring.domain.points import NO_BESTS, Bests, procedure_points


def hold(fact: Fact, procedure: Procedure) -> Held:
    """What a revision of a result says under a methodology's procedure; relative points are for `place` to give."""
    points: Fraction | None = None
    missing: tuple[str, ...] = ()
    if fact.values is not None:
        if procedure.relative:
            return _valued(fact, fact.values, procedure)
        points, missing = procedure_points(procedure, fact.values)
    exempt = fact.not_applicable
    reason, act = (exempt.reason, exempt.act) if exempt else (None, None)
    return Held(fact.result, fact.revision, fact.recorded, fact.status, points, missing, reason, act)


def _valued(fact: Fact, told: Mapping[str, str | None], procedure: Procedure) -> Held:
    values = tuple([told.get(key) for key in procedure.keys])
    missing = tuple([key for key, text in zip(procedure.keys, values, strict=True) if text is None])
    return Held(fact.result, fact.revision, fact.recorded, fact.status, missing=missing, values=values)


def measured(held: Held, procedure: Procedure, bests: Bests) -> Held:
    """A result of a relative procedure with its points by these bests."""
    values = dict(zip(procedure.keys, held.values, strict=True)) if held.values else {}
    return held._replace(points=procedure_points(procedure, values, bests)[0])


def place(
    procedure: str,
    known: Sequence[Held],
    *,
    methodology: Methodology,
    municipality: str,
    period: str,
    bests: Bests = NO_BESTS,
) -> ProcedureScore:
    """A procedure's score from what is known of its results, whatever the order they came in.

    What an applicability act says counts before any result; then the result in force that was recorded last; the
    edition's default that a procedure does not apply holds only where no result is in force. `bests` are the scale
    of a procedure with relative rules.
    """
    scored = methodology.procedures[procedure]
    if scored.relative:
        known = [one if one.points is None else one._replace(points=None) for one in known]
    if methodology.stated and (stated := methodology.stated.get((procedure, municipality))) is not None:
        others = tuple(sorted(known, key=lambda one: one.result))
        return ProcedureScore("not_applicable", scored.maximum, None, others, stated.reason, stated.act, stated.id)
    held, others = _counting(known)
    if held is None:
        return _unheard(methodology.exemption(procedure, municipality, period), scored, others)
    if held.status == "not_applicable":
        return ProcedureScore("not_applicable", scored.maximum, held, others, held.reason, held.act)
    if scored.relative:
        held = measured(held, scored, bests)
    return ProcedureScore("no_data" if held.points is None else "scored", scored.maximum, held, others)


def _unheard(exemption: Exemption | None, procedure: Procedure, others: tuple[Held, ...]) -> ProcedureScore:
    """A procedure without a result in force: not applicable where the edition says so."""
    if exemption is None:
        return ProcedureScore("no_data", procedure.maximum, None, others)
    return ProcedureScore("not_applicable", procedure.maximum, None, others, exemption.reason, exemption.act)


def _counting(known: Sequence[Held]) -> tuple[Held | None, tuple[Held, ...]]:
    """The result that counts and the rest by name; one result alone is the usual case."""
    if len(known) == 1 and known[0].status != "withdrawn":
        return known[0], ()
    in_force = [one for one in known if one.status != "withdrawn"]
    held = max(in_force, key=lambda one: (one.recorded_at, one.result), default=None)
    return held, tuple(sorted((one for one in known if one is not held), key=lambda one: one.result))


def blank(methodology: Methodology, municipality: str, period: str) -> Card:
    """The card of a municipality of which nothing was heard yet; nothing told, revision 0."""
    procedures = {
        key: place(key, (), methodology=methodology, municipality=municipality, period=period)
        for key in methodology.procedures
    }
    scores = group_scores(methodology, procedures)
    return Card(municipality, period, methodology.id, 0, procedures, scores)


def everybody(cards: Iterable[Card], listed: Iterable[str], *, methodology: Methodology, period: str) -> list[Card]:
    """These cards of a league, and blank ones of all others listed: what does not apply shows without a result, too."""
    known = {card.municipality: card for card in cards}
    return [*known.values(), *(blank(methodology, one, period) for one in listed if one not in known)]
