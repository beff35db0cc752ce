"""What the doors of publication share: who asks for which action, addresses, the key of a repeat."""

from typing import Annotated, Any

from fastapi import Depends, Path, Response

from services.scoring.usecases import By, Named
from shared.kernel import Repeat
from shared.policy import Actor
from shared.telemetry import current_cause
from shared.web import ExpectedRevision, Idempotency, JsonAnswer, may, revision_tag

EditionReader = Annotated[Actor, Depends(may("edition.read"))]
Drafter = Annotated[Actor, Depends(may("edition.draft"))]
Freezer = Annotated[Actor, Depends(may("edition.freeze"))]
Ministry = Annotated[Actor, Depends(may("edition.publish"))]
ObjectionReader = Annotated[Actor, Depends(may("objection.read"))]
Objector = Annotated[Actor, Depends(may("objection.raise"))]
Answerer = Annotated[Actor, Depends(may("objection.answer"))]
EditionId = Annotated[str, Path(max_length=100, description="id редакции рейтинга", examples=["2022-1"])]
ObjectionId = Annotated[str, Path(max_length=100, description="id возражения", examples=["2022-1-1"])]


class Meant:
    """Which edition is changed, from which revision, under which key."""

    def __init__(self, edition: EditionId, expected: ExpectedRevision, key: Idempotency) -> None:
        self.named = Named(edition, expected)
        self.key: Repeat | None = key

    def by(self, actor: Actor) -> By:
        """Who asks."""
        return by(actor, self.key)


ThisOne = Annotated[Meant, Depends(Meant)]


def by(actor: Actor, key: Repeat | None) -> By:
    """Who asks, what it follows from, under which key."""
    return By(actor, current_cause(), key)


def changed(answer: Any) -> Response:
    """An edition after a change, with the ETag of its revision."""
    item = answer["item"]
    return JsonAnswer(item, headers={"ETag": revision_tag(item["revision"])})
