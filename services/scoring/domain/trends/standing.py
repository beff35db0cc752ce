"""Where a card stands by one group or procedure, or why it does not."""

from dataclasses import dataclass

from services.scoring.domain.card import NOT_APPLICABLE, Card, Score, procedure_score
from services.scoring.domain.methodology import Methodology
from services.scoring.domain.rating import NO_RESULTS


@dataclass(frozen=True, slots=True)
class Standing:
    """A score with its rank; `reason` says why there is none."""

    score: Score
    rank: int | None = None
    reason: str | None = None


def standing_of(card: Card, group: str, methodology: Methodology) -> Standing:
    """The standing without its rank; what the edition does not score does not apply."""
    placed = card.procedures.get(group)
    if placed is not None:
        score = procedure_score(methodology, placed)
        reason = placed.reason or NO_RESULTS
    elif group in card.scores:
        score, reason = card.scores[group], NO_RESULTS
    else:
        score, reason = NOT_APPLICABLE, f"не оценивается редакцией методики «{methodology.id}»"
    if score.state == "not_applicable" and reason == NO_RESULTS:
        reason = "все процедуры не применялись"
    return Standing(score, None, None if score.state == "scored" else reason)
