"""What scoring decides, purely: points, shares, levels, ranks, what a batch of results changes and tells."""

from services.scoring.domain.card import (
    Card,
    CardKey,
    ProcedureScore,
    Score,
    procedure_score,
    unborn,
)
from services.scoring.domain.card_document import card_document, card_from
from services.scoring.domain.contradictions import Contradiction, contradictions
from services.scoring.domain.edition import methodology_from_yaml, read_methodology, stored_methodology
from services.scoring.domain.explain import Explainer, procedure_view, score_view
from services.scoring.domain.facts import Exempt, Fact, Submitter, fact_document, fact_from, instant_text
from services.scoring.domain.methodology import OVERALL, Methodology
from services.scoring.domain.placing import blank, everybody
from services.scoring.domain.rating import Rating, moved, rate
from services.scoring.domain.rebuilding import Occasion, rebuild
from services.scoring.domain.recounting import (
    Difference,
    differences,
    last_facts,
    measured_cards,
    recount,
    scale_differences,
)
from services.scoring.domain.rescoring import OutdatedCard, Rescored, rescore
from services.scoring.domain.scale import Scale
from services.scoring.domain.standings import Move, Standings, Table

__all__ = [
    "OVERALL",
    "Card",
    "CardKey",
    "Contradiction",
    "Difference",
    "Exempt",
    "Explainer",
    "Fact",
    "Methodology",
    "Move",
    "Occasion",
    "OutdatedCard",
    "ProcedureScore",
    "Rating",
    "Rescored",
    "Scale",
    "Score",
    "Standings",
    "Submitter",
    "Table",
    "blank",
    "card_document",
    "card_from",
    "contradictions",
    "differences",
    "everybody",
    "fact_document",
    "fact_from",
    "instant_text",
    "last_facts",
    "measured_cards",
    "methodology_from_yaml",
    "moved",
    "procedure_score",
    "procedure_view",
    "rate",
    "read_methodology",
    "rebuild",
    "recount",
    "rescore",
    "scale_differences",
    "score_view",
    "stored_methodology",
    "unborn",
]
