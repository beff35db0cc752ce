"""What the doors of scoring share: the use cases and the parameters that several take."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request

from services.scoring.usecases import Scoring
from shared.web.moments import Moment


def uses_of(request: Request) -> Scoring:
    """The use cases of this app."""
    found: Scoring = request.app.state.uses
    return found


Uses = Annotated[Scoring, Depends(uses_of)]
Period = Annotated[str, Path(max_length=40, description="год или учебный год", examples=["2022"])]
Named = Annotated[str, Path(max_length=100, description="идентификатор или код ОКТМО, действовавший в этом периоде")]
OfPeriod = Annotated[
    str | None, Query(max_length=40, description="год или учебный год; без него — последний с баллами")
]
AsOf = Annotated[
    Moment | None,
    Query(description="каким это было в указанный миг (по времени записи)", examples=["2022-12-31T00:00:00+05:00"]),
]


def whom_of(uses: Scoring, municipality: str, period: str | None) -> tuple[str, str]:
    """The municipality's id and the period that are asked about; the last one with scores where none is named."""
    asked = period or uses.scores.latest(municipality)
    return uses.scores.municipality(municipality, asked), asked
