"""What every door of analytics documents is given: who asks, which document, which revision."""

from typing import Annotated

from fastapi import Depends, Path

from services.scoring.usecases.analytics import Named
from shared.policy import Actor
from shared.telemetry import current_cause
from shared.web import ExpectedRevision, may

Reader = Annotated[Actor, Depends(may("analytics.read"))]
Writer = Annotated[Actor, Depends(may("analytics.write"))]
DocumentId = Annotated[str, Path(max_length=200, examples=["vpr.2022.v1"])]


class Meant:
    """Which document is changed, from which revision, by whom."""

    def __init__(self, document: DocumentId, expected: ExpectedRevision, actor: Writer) -> None:
        self.named = Named(document, expected, actor, current_cause())


ThisOne = Annotated[Meant, Depends(Meant)]
