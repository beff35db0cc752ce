"""Recommendations: a list by state, and each with what it follows from, how it went, and the next step."""

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import Depends, Path, Query, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from services.portal.clients import Answer
from services.portal.clients.paths import path as path_of
from services.portal.forms import Form
from services.portal.page import Visit, Visitor, page
from services.portal.pages.away import not_shown
from services.portal.show.kept import lost_of
from services.portal.show.recommendation import BY_KEY, acts_for, body_of, lines_of, near_and_over, outrun
from services.portal.show.words import RECOMMENDATIONS
from shared.web import may
from shared.web import router as make_router

router = make_router(tag="recommendations")
READ = [Depends(may("recommendation.read"))]
Named = Annotated[str, Path(max_length=200)]
SHOWN = 20
FIELDS = ("text", "meeting", "held_on", "reason")
TYPED = {"text": "Текст", "meeting": "Где рассмотрена", "reason": "Почему"}
ACTIONS = ("recommendation.issue", "recommendation.discard", "recommendation.consider", "recommendation.answer")


HOME = "/recommendations"
Text = Annotated[str, Query(max_length=1100)]


@router.get(
    HOME, dependencies=READ, operation_id="recommendations_page", summary="Рекомендации", response_class=Response
)
async def recommendations_page(
    visitor: Visit, state: Text = "", municipality: Text = "", cursor: Text = ""
) -> Response:
    """The newest first: all, or those in one state, which is how drafts that wait are found."""
    filters = {"state": state if state in RECOMMENDATIONS else "", "municipality": municipality}
    asked = {name: text for name, text in {**filters, "cursor": cursor}.items() if text}
    answer = await visitor.get("roadmap", f"/v1{HOME}", params={**asked, "limit": SHOWN})
    following = answer.body.get("next") if answer.ok else None
    told = {name: text for name, text in filters.items() if text}
    return page(
        visitor,
        "recommendations.html",
        status=answer.page_status,
        answer=answer,
        filters=filters,
        begun=bool(cursor),
        states=list(RECOMMENDATIONS.items()),
        municipalities=[] if visitor.municipality else visitor.portal.region.choices(),
        older=f"{HOME}?{urlencode({**told, 'cursor': following})}" if following else None,
    )


@router.get(
    "/recommendations/{recommendation}",
    dependencies=READ,
    operation_id="recommendation_page",
    summary="Рекомендация",
    response_class=Response,
)
async def recommendation_page(visitor: Visit, recommendation: Named) -> Response:
    """One recommendation with the forms of its next step."""
    return await _shown(visitor, recommendation)


@router.post(
    "/recommendations/{recommendation}/{act}",
    dependencies=READ,
    operation_id="answer_recommendation",
    response_class=Response,
)
async def answer_recommendation(
    visitor: Visit,
    recommendation: Named,
    act: Literal["issue", "discard", "consider", "accept", "decline"],
    form: Form,
) -> Response:
    """Take the step; refused, the page comes back with what was typed and what is wrong."""
    revision = str(form.get("revision") or "")
    answer = await visitor.send(
        "POST",
        "roadmap",
        path_of("v1", "recommendations", recommendation, act),
        json=body_of(BY_KEY[act], form),
        headers={"If-Match": f'"{revision}"'},
    )
    if answer.ok:
        return RedirectResponse(path_of("recommendations", recommendation), status_code=303)
    return await _shown(visitor, recommendation, refused=answer, form=form, tried=act)


async def _shown(
    visitor: Visitor, named: str, *, refused: Answer | None = None, form: FormData | None = None, tried: str = ""
) -> Response:
    found = await visitor.get("roadmap", path_of("v1", "recommendations", named))
    if not found.ok:
        return not_shown(visitor, found, title="Рекомендация", typed=form)
    one = found.body
    whose = one["municipality"]["id"]
    near, over = near_and_over(one["deadlines"], visitor.portal.clock())
    allowed = [action for action in ACTIONS if visitor.may(action, municipality=whose)]
    status = 200 if refused is None else refused.page_status
    problem = outrun(one, refused.problem) if refused and refused.problem else None
    # Over what is stored now only where the writer is told that it has changed.
    kept = form is not None and problem is not None and not problem.stale
    return page(
        visitor,
        "recommendation.html",
        status=status,
        headers=visitor.unkept,
        one=one,
        lines=lines_of(one["text"]),
        near=near,
        over=over,
        acts=acts_for(one["state"], allowed),
        lost=lost_of(form or {}, TYPED),
        problem=problem,
        tried=tried,
        revision=str(form.get("revision") or "") if form and kept else one["revision"],
        typed={name: str(form.get(name) or "") for name in FIELDS} if form else dict.fromkeys(FIELDS, ""),
    )
