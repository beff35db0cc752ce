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
AsOf = Annotated[
    Moment | None,
    Query(description="каким это было в указанный миг (по времени записи)", examples=["2022-12-31T00:00:00+05:00"]),
]
