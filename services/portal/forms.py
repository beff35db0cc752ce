"""Forms that people send: only those of their own pages, bounded, and never lost because a session ended meanwhile."""

import re
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from services.portal.clients.paths import parts_of
from services.portal.page import FORM_FIELD, Visit, Visitor, portal_of
from shared.kernel import Forbidden, Malformed, Refused, TooLarge
from shared.web.exact import ExactRequest

KIB = 1024
# The ten texts of an analytics document (20,000 characters each, percent-encoded by nine bytes at most), and several
# times the longest text of another page: what is somewhat longer is to be told by its field, with the text kept.
LONGEST_FORM = 2048 * KIB
# Parsing takes its time by fields, not by bytes.
MOST_FIELDS = 500
# Where a form that was read stays for whoever answers the failure: a body is read but once.
READ = "portal.form"
_MARK = re.compile(rf"(?:^|&){FORM_FIELD}=([0-9a-f]+)(?:&|$)".encode())


def sent_from_here(request: Request) -> bool:
    """Whether the browser says that a page of this very site sent this."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if origin is not None:
        parts = parts_of(origin)
        if parts is None or (parts.netloc != request.headers.get("host") and not _is_ours(request, origin)):
            return False
    return site in {None, "same-origin", "none"}


def _is_ours(request: Request, origin: str) -> bool:
    """Whether it is the site that people open: a proxy may ask us by another name than they ask it."""
    public = portal_of(request).settings.public_url
    return public is not None and _site(public) is not None and _site(public) == _site(origin)


def _site(address: str) -> tuple[str, str, int | None] | None:
    """Scheme, host and port of an address, the usual port also where it is left out; None where it names no site."""
    parts = parts_of(address)
    try:
        port = parts.port if parts else None
    except ValueError:
        return None
    if parts is None or parts.hostname is None or parts.username is not None:
        return None
    return parts.scheme, parts.hostname, port or {"http": 80, "https": 443}.get(parts.scheme)


def foreign_form() -> Forbidden:
    """That a form is another site's, or another person's."""
    return Forbidden(
        "foreign-form",
        "Форма устарела",
        "Её открыли под другой учётной записью или прислали с другого сайта. Откройте страницу заново и повторите.",
    )


async def form_of(visitor: Visitor, *, longest: int = LONGEST_FORM) -> FormData:
    """The fields of a form of this person; Forbidden for another's, TooLarge or Malformed for what no form of ours is.

    All but the mark is looked at before the form is parsed.
    """
    request = visitor.request
    session = visitor.session  # without one no right is ambient: a token of one's own comes with the request
    if session is not None and not sent_from_here(request):
        raise foreign_form()
    form = await _parsed(request, longest)
    told = form.get(FORM_FIELD)
    if session is not None and not (isinstance(told, str) and visitor.portal.sessions.marked(told, session)):
        raise foreign_form()
    request.scope[READ] = form
    return form


async def _parsed(request: Request, longest: int) -> FormData:
    """The fields of a body that can be a form of ours: parsing holds the loop, a second for a MiB of fields."""
    body = await request.body()
    if len(body) > longest:
        raise TooLarge("body-too-large", "Форма слишком велика", f"Не больше {longest // KIB} КиБ: сократите тексты.")
    plain = not request.headers.get("content-type", "").lower().startswith("multipart/")
    if not plain or body.count(b"&") + body.count(b";") >= MOST_FIELDS:
        raise Malformed("malformed-request", "Запрос не читается", "Откройте страницу заново и повторите.")
    return await request.form()


async def kept_of(request: Request) -> FormData | None:
    """What a page of ours has sent and nobody has taken; None where nothing was told, or by something else.

    Nobody is signed in here, and parsing is not for everybody: the form bears a mark that we gave somebody once. It is
    the mark that was sent, and whether it is of the person who sends the form again is checked there, as it always is.
    """
    if request.method != "POST" or not sent_from_here(request):
        return None
    form: FormData | None = request.scope.get(READ)
    if form is None:
        exact = ExactRequest(request.scope, request.receive)
        exact.limit = LONGEST_FORM
        try:
            told = _MARK.search(await exact.body())
            if told is None or not portal_of(request).sessions.marked(told[1].decode()):
                return None
            form = await _parsed(exact, LONGEST_FORM)
        except (Refused, HTTPException):
            return None  # no form of ours
    return form if any(told for name, told in form.items() if name != FORM_FIELD) else None


async def checked_form(visitor: Visit) -> FormData:
    """The fields of a form that this visitor's own page has sent."""
    return await form_of(visitor)


Form = Annotated[FormData, Depends(checked_form)]


def fields_of(form: FormData) -> list[tuple[str, str]]:
    """What a form says, for hidden fields that say it again."""
    return [(name, told) for name, told in form.multi_items() if isinstance(told, str)]
