"""What every door of road maps is given: the use cases, who asks for which action, days and sides."""

from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request, Response
from pydantic import BeforeValidator

from services.roadmap.usecases import Roadmap
from shared.policy import Actor
from shared.web import JsonAnswer, created, iso_day, may, revision_tag


def uses_of(request: Request) -> Roadmap:
    """The use cases of this process."""
    found: Roadmap = request.app.state.uses
    return found


def day_or_none(value: Any) -> Any:
    """A day; an empty parameter is none."""
    return None if value is None or value == "" else iso_day(value)


Uses = Annotated[Roadmap, Depends(uses_of)]
RoadmapReader = Annotated[Actor, Depends(may("roadmap.read"))]
RoadmapWriter = Annotated[Actor, Depends(may("roadmap.put"))]
ActivityReader = Annotated[Actor, Depends(may("activity.read"))]
Reporter = Annotated[Actor, Depends(may("activity.report"))]
Withdrawer = Annotated[Actor, Depends(may("evidence.withdraw"))]
Decliner = Annotated[Actor, Depends(may("activity.decline"))]
QuestionReader = Annotated[Actor, Depends(may("deadline.ask"))]
Answerer = Annotated[Actor, Depends(may("deadline.answer"))]
AdviceReader = Annotated[Actor, Depends(may("recommendation.read"))]
Issuer = Annotated[Actor, Depends(may("recommendation.issue"))]
Discarder = Annotated[Actor, Depends(may("recommendation.discard"))]
Considerer = Annotated[Actor, Depends(may("recommendation.consider"))]
Addressee = Annotated[Actor, Depends(may("recommendation.answer"))]
CalendarReader = Annotated[Actor, Depends(may("calendar.read"))]

On = Annotated[
    date | None,
    BeforeValidator(day_or_none),
    Query(description="на какой день (по умолчанию сегодня)", examples=["2022-11-01"]),
]
Whose = Annotated[
    str | None,
    Query(min_length=1, max_length=100, description="id муниципалитета или код ОКТМО; у муниципалитета — свой"),
]
ActivityId = Annotated[str, Path(max_length=200, examples=["region-2022:4"])]
EvidenceNumber = Annotated[int, Path(ge=1, le=100_000, description="номер подтверждения из evidence мероприятия")]
AdviceId = Annotated[str, Path(max_length=300, description="id рекомендации из /v1/recommendations")]


def answer_of(answer: Any, *, location: str | None = None) -> Response:
    """What a change answers: 201 with an address where something was made, 200 otherwise; the ETag of what holds."""
    item, revision = answer["item"], answer["item"]["revision"]
    if location is not None and answer["made"]:
        return created(item, location=location, revision=revision)
    return JsonAnswer(item, headers={"ETag": revision_tag(revision)})
