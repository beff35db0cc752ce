"""Schools: which have low results, which are strong, by a versioned set of thresholds; never public."""

from services.scoring.domain.schools.lists import Evidence, State, Verdict, judged, verdicts
from services.scoring.domain.schools.reading import SET, read_thresholds, thresholds_from_yaml
from services.scoring.domain.schools.sheet import READ, Sheet, latest
from services.scoring.domain.schools.standing import (
    LISTS,
    Catalogue,
    ListName,
    Region,
    Standing,
    standing_document,
    standing_from,
    standings,
    told,
)
from services.scoring.domain.schools.thresholds import Thresholds, thresholds_for

__all__ = [
    "LISTS",
    "READ",
    "SET",
    "Catalogue",
    "Evidence",
    "ListName",
    "Region",
    "Sheet",
    "Standing",
    "State",
    "Thresholds",
    "Verdict",
    "judged",
    "latest",
    "read_thresholds",
    "standing_document",
    "standing_from",
    "standings",
    "thresholds_for",
    "thresholds_from_yaml",
    "told",
    "verdicts",
]
