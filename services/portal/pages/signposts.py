"""What programs look for in any site: whom to tell of a weakness (RFC 9116), what to leave out (RFC 9309)."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, timedelta

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from services.portal.page import Visit
from shared.kernel import NotFound
from shared.policy import NOBODY, actor_may
from shared.web import actions_of, may
from shared.web import router as make_router

router = make_router(tag="files")
# Until when what was read may be relied on: the time says so itself, a stale copy elsewhere ends by it.
HOLDS = timedelta(days=30)
KEPT = {"Cache-Control": "public, max-age=86400"}
_NAMED = re.compile(r"\{[^}]+\}")


@router.get(
    "/.well-known/security.txt",
    dependencies=[Depends(may("portal.read"))],
    operation_id="security_contact",
    summary="Куда сообщить об уязвимости",
    response_class=Response,
)
async def security_contact(visitor: Visit) -> Response:
    """Not there until the installation names a contact (`RSOKO_SECURITY_CONTACT`)."""
    settings = visitor.portal.settings
    if settings.security_contact is None:
        raise NotFound("security-contact-not-found", "Адрес не назван", "Владелец системы не указал, куда сообщать.")
    until = (visitor.portal.clock().astimezone(UTC) + HOLDS).date()
    told = [f"Contact: {settings.security_contact}", f"Expires: {until}T00:00:00Z", "Preferred-Languages: ru, en"]
    if settings.public_url:
        told.append(f"Canonical: {settings.public_url.rstrip('/')}/.well-known/security.txt")
    return _plain(told)


@router.get(
    "/robots.txt",
    dependencies=[Depends(may("portal.read"))],
    operation_id="robots",
    summary="Что не искать поисковым системам",
    response_class=Response,
)
async def robots(request: Request) -> Response:
    """Nothing that asks for a sign-in, nor the sign-in itself: it would only be asked for in vain."""
    shut = sorted({"/login", "/logout", *_behind_the_sign_in(request.app.routes)})
    shortest = [one for one in shut if not any(one != other and one.startswith(other) for other in shut)]
    return _plain(["User-agent: *", *(f"Disallow: {one}" for one in shortest)])


def _behind_the_sign_in(routes: Iterable[BaseRoute]) -> Iterator[str]:
    for route in routes:
        if (
            isinstance(route, APIRoute)
            and "GET" in (route.methods or ())
            and not all(actor_may(NOBODY, one, {}) for one in actions_of(route))
        ):
            yield _NAMED.sub("*", route.path_format)


def _plain(lines: Iterable[str]) -> Response:
    return Response("".join(f"{line}\n" for line in lines), media_type="text/plain", headers=KEPT)
