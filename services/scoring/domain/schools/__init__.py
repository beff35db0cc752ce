"""Schools: which have low results, which are strong, by a versioned set of thresholds; never public."""

from services.scoring.domain.schools.lists import METHOD, Evidence, Verdict, judged, verdicts
from services.scoring.domain.schools.reading import read_thresholds, thresholds_from_yaml
from services.scoring.domain.schools.sheet import READ, Sheet
from services.scoring.domain.schools.standing import (
    LISTS,
    Catalogue,
    ListName,
    Region,
    Standing,
    listed_from,
    standing_document,
    standing_from,
    standings,
    told,
)
from services.scoring.domain.schools.thresholds import Thresholds, thresholds_for

__all__ = [
    "LISTS",
    "METHOD",
    "READ",
    "Catalogue",
    "Evidence",
    "ListName",
    "Region",
    "Sheet",
    "Standing",
    "Thresholds",
    "Verdict",
    "judged",
    "listed_from",
    "read_thresholds",
    "standing_document",
    "standing_from",
    "standings",
    "thresholds_for",
    "thresholds_from_yaml",
    "told",
    "verdicts",
]
