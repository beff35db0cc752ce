"""What is done with an edition: objections, answers, freezing, publishing, withdrawing; each refusal comes back."""

from typing import Any, Literal

from fastapi import Depends, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from services.portal.clients import Answer
from services.portal.clients.paths import path
from services.portal.forms import Form
from services.portal.page import Visit
from services.portal.pages.editions.one import ANSWER, OBJECTION, EditionId, Tried, shown
from services.portal.pages.repeating import key_of, repeated
from services.portal.show import editions as show
from services.portal.show.objections import answer_body, objection_body, unsaid
from shared.web import may
from shared.web import router as make_router

router = make_router(tag="editions")
# Freezing a great content and publishing any is work for processes of their own, which may have to wait for others.
PATIENCE = 60.0
UNPROCESSABLE = 422
UNDECIDED = {
    "code": "not-decided",
    "title": "Ответ не записан",
    "detail": "Решение не выбрано.",
    "errors": [{"pointer": "/decision", "code": "missing", "message": "Выберите решение.", "remedy": ""}],
}
UNCORRECTED = {
    "code": "not-corrected",
    "title": "Исправление не записано",
    "detail": "Исправление не выбрано.",
    "errors": [{"pointer": "/correction", "code": "missing", "message": "Выберите исправление.", "remedy": ""}],
}


@router.post(
    "/editions/{edition}/objections",
    dependencies=[Depends(may("objection.raise"))],
    operation_id="raise_objection",
    response_class=Response,
)
async def raise_objection(visitor: Visit, edition: EditionId, form: Form) -> Response:
    """Object to a score of one's own."""
    if wrong := unsaid(form):
        return await shown(visitor, edition, tried=_tried(OBJECTION, _unmade(wrong), form))
    door = path("v1", "editions", edition, "objections")
    answer = await visitor.send("POST", "scoring", door, json=objection_body(form), headers=repeated(key_of(form)))
    if answer.ok:
        return _to(edition, "#objections")
    return await shown(visitor, edition, tried=_tried(OBJECTION, answer, form))


@router.post(
    "/editions/{edition}/objections/{objection}/answer",
    dependencies=[Depends(may("objection.answer"))],
    operation_id="answer_objection",
    response_class=Response,
)
async def answer_objection(visitor: Visit, edition: EditionId, objection: EditionId, form: Form) -> Response:
    """Accept an objection, with the correction if there is one, or decline it."""
    body = answer_body(form)
    if wrong := _left_out(body, form):
        return await shown(visitor, edition, tried=_tried(f"{ANSWER}{objection}", _unmade(wrong), form))
    door = path("v1", "editions", edition, "objections", objection, "answer")
    answer = await visitor.send("POST", "scoring", door, json=body, headers=repeated(key_of(form)))
    if answer.ok:
        return _to(edition, f"#objection-{objection}")
    return await shown(visitor, edition, tried=_tried(f"{ANSWER}{objection}", answer, form))


@router.post(
    "/editions/{edition}/{act}",
    dependencies=[Depends(may("edition.draft"))],
    operation_id="act_on_edition",
    response_class=Response,
)
async def act_on_edition(
    visitor: Visit, edition: EditionId, act: Literal["freeze", "publish", "withdraw"], form: Form
) -> Response:
    """Take a step, once it is confirmed."""
    if not form.get(show.CONFIRM):
        return await shown(visitor, edition, tried=_tried(act, _unmade(show.unsure(act, form)), form))
    body: dict[str, Any] = show.body_of(act, form)
    headers = {"If-Match": f'"{form.get("revision") or ""}"'}
    sent: dict[str, Any] = {"json": body} if body else {}
    answer = await visitor.send(
        "POST", "scoring", path("v1", "editions", edition, act), headers=headers, patience=PATIENCE, **sent
    )
    if answer.ok:
        return _to(edition)
    return await shown(visitor, edition, tried=_tried(act, answer, form))


def _to(edition: str, anchor: str = "") -> Response:
    return RedirectResponse(path("editions", edition) + anchor, status_code=303)


def _left_out(body: dict[str, Any], form: FormData) -> dict[str, Any] | None:
    """What is not chosen: a decision, or the correction of what is accepted already."""
    if not body["decision"]:
        return UNDECIDED
    return UNCORRECTED if form.get("state") == "accepted" and "correction" not in body else None


def _unmade(why: dict[str, Any]) -> Answer:
    """The refusal of a form that is not sent on."""
    return Answer("scoring", "", UNPROCESSABLE, why)


def _tried(name: str, answer: Answer, form: FormData) -> Tried:
    return Tried(name, answer, form)
