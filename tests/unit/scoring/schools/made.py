"""Small threshold sets and sheets for tests of schools."""

from copy import deepcopy
from typing import Any

from services.scoring.domain.schools import Catalogue, Sheet, Thresholds, read_thresholds

LOW = {"measure": "low_share", "at_least": "0.3"}
STRONG = {"measure": "high_share", "at_least": "0.7"}
TEST = {"minimum": 10, "effect": "0.2"}
DOCUMENT: dict[str, Any] = {
    "id": "small",
    "title": "Малый набор",
    "assumed": True,
    "in_force": {"from": 2020, "to": 2025},
    "minimum_participants": 10,
    "criteria": [
        {
            "key": "russian",
            "title": "Русский язык",
            "subject": "russian",
            "results": [{"procedure": key, "low": LOW, "strong": STRONG} for key in ("vpr", "oge")],
        },
        {
            "key": "metasubject",
            "title": "Метапредметные",
            "subject": "metasubject",
            "results": [{"procedure": "riko", "low": LOW, "strong": {"measure": "mean_share", "at_least": "0.7"}}],
        },
    ],
    "set": {"low": 2, "strong": 2},
    "three_years": {"low": 2, "strong": 2},
    "signs": {"fdr": "0.05", "spike": TEST, "marks": TEST, "jump": TEST, "medals": TEST},
}
SUBJECTS = {"vpr": "russian", "oge": "russian", "riko": "metasubject"}
LEVELS = {"vpr": "primary", "oge": "basic", "riko": "basic"}
CATALOGUE = Catalogue(SUBJECTS, LEVELS)


def document(**more: Any) -> dict[str, Any]:
    """The document with some fields changed."""
    return {**deepcopy(DOCUMENT), **more}


def thresholds(**more: Any) -> Thresholds:
    """A set of thresholds."""
    return read_thresholds(document(**more))


def marks(*counts: int) -> dict[str, str]:
    """Counts of the marks 2, 3, 4 and 5 as values."""
    return dict(zip(("m2", "m3", "m4", "m5"), map(str, counts), strict=True))


def sheet(procedure: str = "vpr", year: int = 2022, **more: Any) -> Sheet:
    """A sheet; by default nobody low, nobody strong."""
    told: dict[str, Any] = {
        "result": f"{procedure}-{year}",
        "revision": 1,
        "procedure": procedure,
        "period": str(year),
        "municipality": "m1",
        "values": marks(2, 10, 6, 2),
        "year": year,
    }
    return Sheet(**(told | more))


WEAK = marks(8, 8, 3, 1)
FINE = marks(0, 4, 10, 6)
