"""The shapes of what operators are told about recounts."""

from typing import Any

from services.scoring.api.told.scores import NamedMunicipality
from shared.web import PageShape, Shape


class DifferenceAnswer(Shape):
    """One place where a stored score is not what its results say; null: it is not there at all.

    A scale belongs to no municipality.
    """

    municipality: NamedMunicipality | None
    period: str
    where: str
    stored: Any
    recounted: Any


class DifferencePage(PageShape[DifferenceAnswer]):
    """All differences."""


class RebuiltAnswer(Shape):
    """How many cards were recounted, and how many of them changed."""

    cards: int
    changed: int
