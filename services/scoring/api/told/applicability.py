"""The shapes of applicability acts."""

import datetime as dt

from services.scoring.api.told.scores import NamedMunicipality
from shared.web import PageShape, Shape


class ApplicabilityActAnswer(Shape):
    """The number and date of an act."""

    number: str
    date: dt.date


class ApplicabilityAnswer(Shape):
    """That a procedure does not apply to municipalities in a period, why, by which act; withdrawn or in force."""

    id: str
    procedure: str
    period: str
    municipalities: list[NamedMunicipality]
    reason: str
    act: ApplicabilityActAnswer
    recorded_at: dt.datetime
    withdrawn_at: dt.datetime | None
    withdrawn_because: str | None
    revision: int


class ApplicabilityPage(PageShape[ApplicabilityAnswer]):
    """Acts, the latest first."""
