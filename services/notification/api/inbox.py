"""The inbox door: pages of items, and marks of what was read."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.notification.api.access import Municipality, named, uses_of
from services.notification.api.shown import show_item
from services.notification.api.told import InboxPage, ItemAnswer, ItemKind, ReadUpTo
from services.notification.domain import Asked, Names, Reader
from services.notification.usecases import Notification, Page, Read
from shared.exactjson import write
from shared.policy import Actor, scope_of
from shared.web import Cursor, JsonAnswer, Limit, answers, cached, may, read_cursor, router, write_cursor
from shared.web.moments import Moment

LISTING = "inbox"
router_of_inbox = router(tag="Уведомления")

Uses = Annotated[Notification, Depends(uses_of)]
Marker = Annotated[Actor, Depends(may("inbox.mark"))]
ItemId = Annotated[str, Path(max_length=200, description="id уведомления из /v1/inbox")]


class UpTo(BaseModel):
    """Up to which item everything was read."""

    model_config = ConfigDict(extra="forbid")
    up_to: str = Field(min_length=1, max_length=200, description="id уведомления: оно и все более ранние")


@router_of_inbox.get(
    "/v1/inbox",
    operation_id="read_inbox",
    responses=answers(InboxPage, tagged=True),
    summary="Уведомления, новые первыми",
)
async def read_inbox(
    request: Request,
    actor: Annotated[Actor, Depends(may("inbox.read"))],
    uses: Uses,
    *,
    municipality: Municipality = None,
    kind: Annotated[ItemKind | None, Query(description="вид уведомления")] = None,
    period: Annotated[
        str | None,
        Query(pattern=r"^[0-9]{4}(-[0-9]{4})?$", description="год или учебный год, о котором уведомление"),
    ] = None,
    since: Annotated[Moment | None, Query(description="не раньше этого момента (RFC 3339 со смещением)")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Страница уведомлений; `unread` — сколько не прочитано вами, без учёта kind, period, since и страниц."""
    place = await named(uses, actor, "inbox.read", municipality, period=period)
    asked = Asked(municipality=place, kind=kind, period=period, since=since, before=_before(cursor), limit=limit)
    found = await uses.inbox.page(Reader(actor.subject, scope_of(actor, "inbox.read")), asked)
    following = None if found.following is None else write_cursor(LISTING, found.following)
    return cached(request, write(_shown_page(found, following)), headers=_link(request, following))


@router_of_inbox.post(
    "/v1/inbox/read",
    operation_id="mark_inbox_read",
    responses=answers(ReadUpTo),
    summary="Прочитано всё до уведомления",
)
async def mark_up_to(told: UpTo, actor: Marker, uses: Uses) -> Response:
    """Отмечает прочитанными уведомление и все более ранние; `unread` — сколько осталось более новых."""
    left = await uses.inbox.mark_up_to(_reader(actor), told.up_to)
    return JsonAnswer({"up_to": told.up_to, "unread": left})


@router_of_inbox.post(
    "/v1/inbox/{id}/read", operation_id="mark_item_read", responses=answers(ItemAnswer), summary="Уведомление прочитано"
)
async def mark_read(id: ItemId, actor: Marker, uses: Uses) -> Response:  # noqa: A002 - the name in the address
    """Отмечает уведомление прочитанным; повтор ничего не меняет."""
    return _shown_item(await uses.inbox.mark(_reader(actor), id, read=True))


@router_of_inbox.delete(
    "/v1/inbox/{id}/read",
    operation_id="mark_item_unread",
    responses=answers(ItemAnswer),
    summary="Уведомление не прочитано",
)
async def mark_unread(id: ItemId, actor: Marker, uses: Uses) -> Response:  # noqa: A002 - as above
    """Снимает отметку о прочтении; повтор ничего не меняет."""
    return _shown_item(await uses.inbox.mark(_reader(actor), id, read=False))


def _reader(actor: Actor) -> Reader:
    return Reader(actor.subject, scope_of(actor, "inbox.mark"))


def _before(cursor: str | None) -> int | None:
    place: int | None = read_cursor(LISTING, cursor, int)
    return place


def _shown_page(found: Page, following: str | None) -> dict[str, Any]:
    items = [show_item(one.item, found.names, one.read_at, one.following) for one in found.items]
    return {"items": items, "next": following, "unread": found.unread}


def _shown_item(found: tuple[Read, Names]) -> Response:
    one, names = found
    return JsonAnswer(show_item(one.item, names, one.read_at, one.following))


def _link(request: Request, following: str | None) -> dict[str, str]:
    if following is None:
        return {}
    others = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return {"Link": f'<{request.url.path}?{urlencode([*others, ("cursor", following)])}>; rel="next"'}
