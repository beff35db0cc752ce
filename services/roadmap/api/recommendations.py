"""The door of recommendations: read, issue or discard, consider, accept, decline."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Depends, Query, Request, Response

from services.roadmap.api.asking import (
    Addressee,
    AdviceId,
    AdviceReader,
    Considerer,
    Discarder,
    Issuer,
    Uses,
    Whose,
    answer_of,
)
from services.roadmap.api.bodies import AcceptBody, ConsiderBody, IssueBody, RefuseBody
from services.roadmap.api.told import RecommendationAnswer, RecommendationPage
from services.roadmap.usecases import Named
from shared.kernel import Repeat
from shared.policy import Actor
from shared.telemetry import current_cause
from shared.web import (
    Cursor,
    ExpectedRevision,
    Idempotency,
    Limit,
    answers,
    composed,
    page,
    read_cursor,
    router,
    write_cursor,
)

LISTING = "recommendations"
ANSWER = answers(RecommendationAnswer, tagged=True)
recommendations = router("/v1/recommendations", tag="Рекомендации")
State = Literal["drafted", "issued", "considered", "accepted", "declined", "discarded"]


class Meant:
    """Which recommendation is changed, from which revision, under which key."""

    def __init__(self, recommendation: AdviceId, expected: ExpectedRevision, key: Idempotency) -> None:
        self.recommendation, self.expected = recommendation, expected
        self.key: Repeat | None = key

    def by(self, actor: Actor) -> Named:
        """The same with who writes."""
        return Named(self.recommendation, self.expected, actor, current_cause(), self.key)


ThisOne = Annotated[Meant, Depends(Meant)]


@recommendations.get("", operation_id="list_recommendations", responses=answers(RecommendationPage))
async def list_recommendations(
    request: Request,
    actor: AdviceReader,
    uses: Uses,
    *,
    municipality: Whose = None,
    state: Annotated[State | None, Query(description="состояние")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Рекомендации, новые первыми; муниципалитет видит свои."""
    items, following = await uses.advising.page(
        actor=actor,
        municipality=municipality,
        state=state,
        place=read_cursor(LISTING, cursor, datetime, str),
        limit=limit,
    )
    return page(request, items, following=write_cursor(LISTING, following) if following else None)


@recommendations.get("/{recommendation}", operation_id="read_recommendation", responses=ANSWER)
async def read_recommendation(recommendation: AdviceId, actor: AdviceReader, uses: Uses) -> Response:
    """Одна рекомендация и её путь."""
    item = await uses.advising.one(recommendation, actor=actor)
    return composed(item, revision=item["revision"])


@recommendations.post("/{recommendation}/issue", operation_id="issue_recommendation", responses=ANSWER)
async def issue_recommendation(meant: ThisOne, body: IssueBody, actor: Issuer, uses: Uses) -> Response:
    """Направить проект адресату: как есть или в своей редакции (`text`)."""
    return answer_of(await uses.advising.issue(meant.by(actor), text=body.text))


@recommendations.post("/{recommendation}/discard", operation_id="discard_recommendation", responses=ANSWER)
async def discard_recommendation(meant: ThisOne, body: RefuseBody, actor: Discarder, uses: Uses) -> Response:
    """Снять проект, который больше не нужен, и сказать почему; адресату он не направляется."""
    return answer_of(await uses.advising.discard(meant.by(actor), reason=body.reason))


@recommendations.post("/{recommendation}/consider", operation_id="consider_recommendation", responses=ANSWER)
async def consider_recommendation(meant: ThisOne, body: ConsiderBody, actor: Considerer, uses: Uses) -> Response:
    """Сообщить, на каком заседании и когда рекомендация рассмотрена."""
    named = meant.by(actor)
    return answer_of(await uses.advising.consider(named, meeting=body.meeting, held_on=body.held_on))


@recommendations.post("/{recommendation}/accept", operation_id="accept_recommendation", responses=ANSWER)
async def accept_recommendation(meant: ThisOne, body: AcceptBody, actor: Addressee, uses: Uses) -> Response:
    """Принять рассмотренную рекомендацию."""
    return answer_of(await uses.advising.accept(meant.by(actor), reason=body.reason))


@recommendations.post("/{recommendation}/decline", operation_id="decline_recommendation", responses=ANSWER)
async def decline_recommendation(meant: ThisOne, body: RefuseBody, actor: Addressee, uses: Uses) -> Response:
    """Отклонить рассмотренную рекомендацию и сказать почему."""
    return answer_of(await uses.advising.decline(meant.by(actor), reason=body.reason))
