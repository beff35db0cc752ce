"""What scoring decides, purely: points, shares, levels, ranks, what a batch of results changes and tells."""

from services.scoring.domain.card import (
    Card,
    CardKey,
    Held,
    ProcedureScore,
    Score,
    group_scores,
    procedure_score,
)
from services.scoring.domain.card_document import card_document, card_from
from services.scoring.domain.facts import Exempt, Fact, fact_document, fact_from, instant_text
from services.scoring.domain.methodology import OVERALL, Methodology, in_force
from services.scoring.domain.rescoring import OutdatedCard, Rescored, Told, rescore
from services.scoring.domain.standings import Move, Standings, Table

__all__ = [
    "OVERALL",
    "Card",
    "CardKey",
    "Exempt",
    "Fact",
    "Held",
    "Methodology",
    "Move",
    "OutdatedCard",
    "ProcedureScore",
    "Rescored",
    "Score",
    "Standings",
    "Table",
    "Told",
    "card_document",
    "card_from",
    "fact_document",
    "fact_from",
    "group_scores",
    "in_force",
    "instant_text",
    "procedure_score",
    "rescore",
]
