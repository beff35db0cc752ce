"""The inbox: what changed for whom, read marks, filters; new ones are announced while the page is open."""

import asyncio
from datetime import date
from typing import Annotated, Literal
from urllib.parse import parse_qsl, urlencode

from fastapi import Depends, Path, Query, Response
from fastapi.responses import RedirectResponse

from services.portal.clients import Answer
from services.portal.clients.paths import parts_of
from services.portal.clients.paths import path as path_of
from services.portal.forms import Form
from services.portal.page import Visit, Visitor, page
from services.portal.show.inbox import anchor_of, item_of
from services.portal.signin.next_page import safe_next
from shared.policy import Actor
from shared.web import may
from shared.web import router as make_router

router = make_router(tag="inbox")
Reader = Annotated[Actor, Depends(may("inbox.read"))]
Marker = Annotated[Actor, Depends(may("inbox.mark"))]
Text = Annotated[str, Query(max_length=1100)]
ItemId = Annotated[str, Path(max_length=200)]
HOME, FAILED = "/inbox", "failed"
PAGE = 20


@router.get(HOME, operation_id="inbox_page", summary="Входящие", response_class=Response)
async def inbox_page(
    visitor: Visit,
    _: Reader,
    *,
    municipality: Text = "",
    since: Text = "",
    cursor: Text = "",
    failed: Annotated[Literal["1"] | None, Query()] = None,
) -> Response:
    """A page of notifications, the newest first."""
    day = _day(since)
    asked = {"municipality": municipality, "since": f"{day}T00:00:00+05:00" if day else "", "cursor": cursor}
    given = {name: told for name, told in asked.items() if told} | {"limit": str(PAGE)}
    answer, catalogue = await asyncio.gather(
        visitor.get("notification", "/v1/inbox", params=given), visitor.get("monitoring", "/v1/procedures")
    )
    names = {one["key"]: one["name"] for one in catalogue.items}
    items = [item_of(one, names) for one in answer.items]
    filters = {"municipality": municipality, "since": day}
    return page(
        visitor,
        "inbox.html",
        status=answer.page_status,
        answer=answer,
        items=items,
        unread=answer.body.get("unread", 0) if answer.ok else 0,
        filters=filters,
        filtered=any(filters.values()),
        wrong_day=bool(since and not day),
        failed=failed is not None,
        first_page=not cursor,
        live=answer.ok and not cursor,
        older=_older(answer, filters),
        municipalities=_municipalities(visitor),
    )


@router.post("/inbox/read", operation_id="mark_inbox", response_class=Response)
async def mark_inbox(visitor: Visit, _: Marker, form: Form) -> Response:
    """Everything up to the newest item that the reader has seen."""
    answer = await visitor.send("POST", "notification", "/v1/inbox/read", json={"up_to": str(form.get("up_to") or "")})
    return _back(str(form.get("back") or ""), answer, anchor="")


@router.post("/inbox/{item}/read", operation_id="mark_item", response_class=Response)
async def mark_item(visitor: Visit, _: Marker, item: ItemId, form: Form) -> Response:
    """One item read, or unread again."""
    method = "DELETE" if form.get("unread") else "POST"
    answer = await visitor.send(method, "notification", path_of("v1", "inbox", item, "read"))
    return _back(str(form.get("back") or ""), answer, anchor=f"#{anchor_of(item)}")


def _back(told: str, answer: Answer, *, anchor: str) -> Response:
    """To the page that the form was on; what was refused is said there, once."""
    parts = parts_of(safe_next(told))
    known = parse_qsl(parts.query) if parts and parts.path == HOME else []
    query = [one for one in known if one[0] != FAILED] + ([] if answer.ok else [(FAILED, "1")])
    return RedirectResponse(f"{HOME}{'?' if query else ''}{urlencode(query)}{anchor}", status_code=303)


def _older(answer: Answer, filters: dict[str, str]) -> str | None:
    following = answer.body.get("next") if answer.ok else None
    told = {name: text for name, text in filters.items() if text}
    return f"{HOME}?{urlencode({**told, 'cursor': following})}" if following else None


def _day(told: str) -> str:
    try:
        return date.fromisoformat(told.strip()).isoformat() if told else ""
    except ValueError:
        return ""


def _municipalities(visitor: Visitor) -> list[tuple[str, str]]:
    """The municipalities to filter by; none for whoever sees only one."""
    if visitor.municipality:
        return []
    return visitor.portal.region.choices()
