"""All editions that the visitor may know of, and the form of a new draft."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from services.portal.clients import Answer
from services.portal.clients.paths import path
from services.portal.forms import Form
from services.portal.page import Visit, Visitor, page
from services.portal.pages.latest import sparse
from services.portal.pages.repeating import fresh_key, key_again, key_of, repeated
from services.portal.show.editions import STATES, act_words, draft_body
from services.portal.show.words import MUNICIPALITY_OF, counted
from shared.policy import Actor
from shared.web import may
from shared.web import router as make_router

HOME, LISTED = "/editions", "/v1/editions"
# The content of a great draft is made in a process of its own, which may have to wait for others.
DRAFT_PATIENCE = 60.0
FIELDS = ("period", "title", "reply_until")
router = make_router(tag="editions")
Drafter = Annotated[Actor, Depends(may("edition.draft"))]
Text = Annotated[str, Query(max_length=1100)]


@router.get(
    HOME,
    dependencies=[Depends(may("edition.read"))],
    operation_id="editions_page",
    summary="Редакции рейтингов",
    response_class=Response,
)
async def editions_page(visitor: Visit, cursor: Text = "") -> Response:
    """The latest first."""
    return await _shown(visitor, cursor=cursor)


@router.post(HOME, operation_id="draft_edition", response_class=Response)
async def draft_edition(visitor: Visit, _: Drafter, form: Form) -> Response:
    """Send the rating of a period to the municipalities; refused, the form comes back with what is wrong."""
    headers = repeated(key_of(form))
    answer = await visitor.send(
        "POST", "scoring", LISTED, json=draft_body(form), headers=headers, patience=DRAFT_PATIENCE
    )
    if answer.ok:
        return RedirectResponse(path("editions", answer.body["id"]), status_code=303)
    return await _shown(visitor, refused=answer, form=form)


async def _shown(
    visitor: Visitor, *, cursor: str = "", refused: Answer | None = None, form: FormData | None = None
) -> Response:
    asked = {"cursor": cursor} if cursor else {}
    answer, periods = await asyncio.gather(
        visitor.get("scoring", LISTED, params=asked), visitor.get("scoring", "/v1/periods")
    )
    following = answer.body.get("next") if answer.ok else None
    shown = refused or answer
    typed = {name: str(form.get(name) or "") if form else "" for name in FIELDS}
    return page(
        visitor,
        "editions/all.html",
        status=shown.page_status,
        answer=answer,
        states=STATES,
        act_words=act_words,
        refused=refused,
        periods=_offered(periods, typed["period"]),
        drafts=visitor.may("edition.draft"),
        typed=typed,
        key=key_again(key_of(form or {}), refused) if refused else fresh_key(),
        older=f"{HOME}?{urlencode({'cursor': following})}" if following else None,
    )


def _offered(periods: Answer, typed: str) -> list[tuple[str, str]]:
    """The periods to choose from, those that have hardly begun last; without a list the chosen one stays."""
    if not periods.ok:
        return [(typed, typed)] if typed else []
    return [(str(one["period"]), _offer(one)) for one in sorted(periods.items, key=sparse)]


def _offer(period: Mapping[str, Any]) -> str:
    """A period, and how far it has come where that is less than half."""
    if not sparse(period):
        return str(period["period"])
    known = counted(period["municipalities"], MUNICIPALITY_OF)
    return f"{period['period']} — оценка пока есть у {period['scored']} из {known}"
