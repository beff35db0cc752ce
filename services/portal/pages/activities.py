"""Activities of road maps: a list of a side's, and each with its confirmations and the form that gives one."""

from asyncio import gather
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import Depends, Path, Query, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from services.portal.clients import Answer
from services.portal.clients.paths import path as path_of
from services.portal.forms import Form
from services.portal.page import Visit, Visitor, page
from services.portal.pages.away import not_shown
from services.portal.pages.repeating import fresh_key, key_again, key_of, repeated
from services.portal.show import activities as show
from services.portal.show.activities import Draft, address_of
from services.portal.show.editions import CONFIRM, text
from services.portal.show.kept import lost_of
from services.portal.show.words import ACTIVITIES
from shared.calendar import day_of
from shared.web import may
from shared.web import router as make_router

router = make_router(tag="pages")
READ = [Depends(may("activity.read"))]
REPORT = [Depends(may("activity.report"))]
DECLINE = [Depends(may("activity.decline"))]
WITHDRAW = [Depends(may("evidence.withdraw"))]
Named = Annotated[str, Path(max_length=200)]
Number = Annotated[int, Path(ge=1, le=100_000)]
Text = Annotated[str, Query(max_length=1100)]
Done = Annotated[Literal["reported", "withdrawn", "declined"] | None, Query()]
HOME, SHOWN, TITLE = "/activities", 50, "Мероприятие дорожной карты"
UNPROCESSABLE = 422
# Where nothing is left to be done there is nothing to take no part in.
ENDED = {"done", "done_late", "cancelled"}


@router.get(
    HOME,
    dependencies=READ,
    operation_id="activities_page",
    summary="Мероприятия дорожных карт",
    response_class=Response,
)
async def activities_page(  # noqa: PLR0917 - FastAPI calls it by names
    visitor: Visit, municipality: Text = "", roadmap: Text = "", state: Text = "", on: Text = "", cursor: Text = ""
) -> Response:
    """How a side stands with its activities on a day (today), nearest deadlines first; the address holds the choice."""
    filters = {"municipality": municipality, "roadmap": roadmap, "state": state if state in ACTIVITIES else ""}
    filters["on"] = on.strip()
    told = {name: said for name, said in filters.items() if said}
    asked = told | ({"cursor": cursor} if cursor else {})
    answer, roadmaps = await gather(
        visitor.get("roadmap", "/v1/activities", params={**asked, "limit": SHOWN}),
        visitor.get("roadmap", "/v1/roadmaps"),
    )
    following = answer.body.get("next") if answer.ok else None
    return page(
        visitor,
        "activities/all.html",
        status=answer.page_status,
        answer=answer,
        filters=filters,
        begun=bool(cursor),
        wrong_day=_names(answer, "/on"),
        show=show,
        titles={one["id"]: one["title"] for one in roadmaps.items},
        states=list(ACTIVITIES.items()),
        municipalities=visitor.portal.region.choices(),
        further=f"{HOME}?{urlencode({**told, 'cursor': following})}" if following else None,
    )


@router.get(
    "/activities/{activity}",
    dependencies=READ,
    operation_id="activity_page",
    summary="Мероприятие дорожной карты",
    response_class=Response,
)
async def activity_page(visitor: Visit, activity: Named, *, municipality: Text = "", done: Done = None) -> Response:
    """One activity as a side stands with it; the form that confirms it where the visitor may."""
    return await _shown(visitor, activity, municipality, done=done)


@router.post(
    "/activities/{activity}/evidence", dependencies=REPORT, operation_id="confirm_activity", response_class=Response
)
async def confirm(visitor: Visit, activity: Named, form: Form, *, municipality: Text = "") -> Response:
    """Confirm that it was done; refused, the page comes back with what was typed and what is wrong."""
    path = path_of("v1", "activities", activity, "evidence")
    answer = await _sent(visitor, path, form, show.body_of(form, show.FIELDS, municipality))
    if answer.ok:
        return RedirectResponse(address_of(activity, municipality, done="reported"), status_code=303)
    return await _shown(visitor, activity, municipality, refused=answer, form=form, tried=show.FORM)


@router.post(
    "/activities/{activity}/evidence/{number}/withdraw",
    dependencies=WITHDRAW,
    operation_id="take_confirmation_back",
    response_class=Response,
)
async def withdraw(visitor: Visit, activity: Named, number: Number, form: Form, *, municipality: Text = "") -> Response:
    """Take a confirmation back with the reason; it stays readable and counts no more."""
    path = path_of("v1", "activities", activity, "evidence", str(number), "withdraw")
    answer = await _sent(visitor, path, form, show.body_of(form, ("reason",), municipality))
    if answer.ok:
        return RedirectResponse(address_of(activity, municipality, done="withdrawn"), status_code=303)
    tried = show.withdrawing(number)
    return await _shown(visitor, activity, municipality, refused=answer, form=form, tried=tried)


@router.post(
    "/activities/{activity}/decline", dependencies=DECLINE, operation_id="take_no_part", response_class=Response
)
async def decline(visitor: Visit, activity: Named, form: Form, *, municipality: Text = "") -> Response:
    """Say that the municipality takes no part, once that is confirmed: it ends only by work of that day or later."""
    body = show.body_of(form, ("reason", "on"), municipality)
    if form.get(CONFIRM):
        answer = await _sent(visitor, path_of("v1", "activities", activity, "decline"), form, body)
    else:
        answer = Answer("roadmap", "", UNPROCESSABLE, show.unsure(body))
    if answer.ok:
        return RedirectResponse(address_of(activity, municipality, done="declined"), status_code=303)
    return await _shown(visitor, activity, municipality, refused=answer, form=form, tried=show.DECLINE)


async def _sent(visitor: Visitor, path: str, form: FormData, body: dict[str, str]) -> Answer:
    headers = {"If-Match": f'"{text(form, "revision")}"'} | repeated(key_of(form))
    return await visitor.send("POST", "roadmap", path, json=body, headers=headers)


async def _shown(
    visitor: Visitor,
    named: str,
    municipality: str,
    *,
    done: str | None = None,
    refused: Answer | None = None,
    form: FormData | None = None,
    tried: str = "",
) -> Response:
    side = {"municipality": municipality} if municipality else {}
    found = await visitor.get("roadmap", path_of("v1", "activities", named), params=side)
    if not found.ok:
        return not_shown(visitor, found, title=TITLE, typed=form)
    one = found.body
    whose = one["municipality"]["id"] if one["municipality"] else None
    roadmap = await visitor.get("roadmap", path_of("v1", "roadmaps", one["roadmap"]))
    draft = _draft(one, refused, form, tried)
    allowed = _allowed(visitor, one, whose)
    offered = {
        name for name, sent in ((show.FORM, allowed["may_report"]), (show.DECLINE, allowed["may_decline"])) if sent
    }
    if allowed["may_withdraw"]:
        offered |= {show.withdrawing(each["number"]) for each in show.counting(one)}
    return page(
        visitor,
        "activities/one.html",
        status=200 if refused is None else refused.page_status,
        headers={"Cache-Control": "no-store"} if offered else visitor.unkept,
        one=one,
        whose=whose,
        asked=municipality,
        roadmap=roadmap.body["title"] if roadmap.ok else one["roadmap"],
        done=done,
        draft=draft,
        show=show,
        today=day_of(visitor.portal.clock()).isoformat(),
        **allowed,
        lost=[] if tried in offered else lost_of(form or {}, show.LABELS | {"reason": show.why(tried)}),
    )


def _allowed(visitor: Visitor, one: Mapping[str, Any], whose: str | None) -> dict[str, bool]:
    """Which forms the visitor may send now; the region itself cannot take no part."""
    state = one["state"]
    declines = whose is not None and state not in ENDED and visitor.may("activity.decline", municipality=whose)
    return {
        "may_report": visitor.may("activity.report", municipality=whose) and state != "cancelled",
        "may_withdraw": visitor.may("evidence.withdraw", municipality=whose),
        "may_decline": declines,
    }


def _names(answer: Answer, pointer: str) -> bool:
    """Whether a refusal is about this place."""
    return answer.problem is not None and any(one.pointer == pointer for one in answer.problem.errors)


def _draft(one: dict[str, object], refused: Answer | None, form: FormData | None, tried: str) -> Draft:
    """The forms anew; of one that was refused with its key and revision, unless these have been used up."""
    if refused is None or form is None:
        return Draft(str(one["revision"]), fresh_key())
    problem = show.for_people(refused.problem)
    typed = {name: text(form, name) for name in (*show.FIELDS, "reason", "on")}
    key = fresh_key() if problem and problem.stale else key_again(key_of(form), refused)
    revision = text(form, "revision") if key == key_of(form) else str(one["revision"])
    return Draft(revision, key, tried, typed, problem)
