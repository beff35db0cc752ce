"""The door of objections: listed, raised by municipalities, answered by the operator."""

from fastapi import Request, Response

from services.scoring.api.parts import Uses
from services.scoring.api.publication.asking import Answerer, EditionId, ObjectionId, ObjectionReader, Objector, by
from services.scoring.api.publication.bodies import AnswerBody, ObjectionBody
from services.scoring.api.told.publication import ObjectionAnswer, ObjectionPage
from shared.policy import decide
from shared.web import Idempotency, JsonAnswer, answers, created, page
from shared.web import router as make_router

router = make_router("/v1/editions/{edition}/objections", tag="editions")


@router.get(
    "", operation_id="list_objections", responses=answers(ObjectionPage), summary="Возражения к проекту рейтинга"
)
async def list_objections(request: Request, uses: Uses, edition: EditionId, actor: ObjectionReader) -> Response:
    """In the order they came; a municipality sees its own."""
    return page(request, await uses.publication.objecting.listed(edition, actor), following=None)


@router.post(
    "",
    operation_id="raise_objection",
    status_code=201,
    responses=answers(ObjectionAnswer, 201),
    summary="Возразить против своей оценки в проекте",
)
async def raise_objection(
    uses: Uses, edition: EditionId, actor: Objector, body: ObjectionBody, *, key: Idempotency
) -> Response:
    """Until the end of the last day of reply; the answer comes to the municipality's inbox."""
    whose = actor.attributes.get("municipality", "")
    decide(actor, "objection.raise", {"municipality": whose})
    answer = await uses.publication.objecting.raise_one(edition, body.complaint(whose), by(actor, key))
    return created(answer["item"], location=f"/v1/editions/{edition}/objections")


@router.post(
    "/{objection}/answer",
    operation_id="answer_objection",
    responses=answers(ObjectionAnswer),
    summary="Ответить на возражение",
)
async def answer_objection(  # noqa: PLR0917 - FastAPI calls it by names
    uses: Uses, edition: EditionId, objection: ObjectionId, actor: Answerer, body: AnswerBody, key: Idempotency
) -> Response:
    """Accepted, with the correction now or in a second answer, or declined with a reason."""
    answer = await uses.publication.objecting.answer(edition, objection, body.reply(), by(actor, key))
    return JsonAnswer(answer["item"])
