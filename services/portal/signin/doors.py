"""The doors of signing in and out."""

import json
from base64 import urlsafe_b64decode
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from services.portal.forms import KIB, foreign_form, form_of, sent_from_here
from services.portal.page import Portal, Visitor, page, portal_of
from services.portal.session import LONGEST_COOKIE, SIGN_IN_LIFE, Session, cookie_of
from services.portal.signin.next_page import page_of, safe_next, sign_in_address
from services.portal.signin.provider import Attempt, Provider, SignInFailed, new_attempt
from shared.auth import Tokens
from shared.kernel import Forbidden, Refused, Unavailable
from shared.policy import NOBODY
from shared.web import may
from shared.web import router as make_router

router = make_router(tag="sign-in")
OPEN = [Depends(may("portal.sign-in"))]
ThePortal = Annotated[Portal, Depends(portal_of)]
Text = Annotated[str, Query(max_length=4000)]
# What a provider says instead of a code (RFC 6749, 4.1.2.1), where a person can do something about it.
REFUSED = {
    "access_denied": "Служба входа отказала: вход отменён или портал не открыт для этой учётной записи. "
    "Войдите ещё раз или обратитесь к администратору.",
    "temporarily_unavailable": "Служба входа сейчас занята. Подождите минуту и попробуйте снова.",
}
AWAY = "Служба входа не отвечает. Подождите минуту и попробуйте снова."
NOT_TAKEN = "Служба входа ответила, но портал её ответ не принимает. Сообщите администратору."
NOT_DONE = "Служба входа не смогла выполнить вход. Войдите ещё раз; если не поможет, сообщите администратору."


def provider_of(request: Request) -> Provider:
    """The identity provider of this app."""
    found: Provider = request.app.state.provider
    return found


TheProvider = Annotated[Provider, Depends(provider_of)]


def own_address(request: Request, path: str) -> str:
    """The address of a page of ours as people's browsers see it."""
    public = portal_of(request).settings.public_url
    return f"{(public or str(request.base_url)).rstrip('/')}{path}"


@router.get("/login", dependencies=OPEN, operation_id="sign_in", summary="Войти", response_class=Response)
async def sign_in(request: Request, portal: ThePortal, provider: TheProvider, next: Text = "/") -> Response:  # noqa: A002 - the name in the address
    """Off to the identity provider; what must come back waits in a cookie of ten minutes."""
    attempt = new_attempt(page_of(request, next), portal.clock() + SIGN_IN_LIFE)
    try:
        way = await provider.way(attempt, own_address(request, "/login/callback"))
    except Unavailable:
        return _not_in(request, AWAY, wanted=attempt.next, status=503)
    answer = RedirectResponse(way, status_code=303)
    sealed = portal.sessions.seal(asdict(attempt))
    answer.set_cookie(
        portal.sessions.attempt_cookie,
        sealed,
        max_age=int(SIGN_IN_LIFE.total_seconds()),
        secure=portal.sessions.secure,
        httponly=True,
        samesite="lax",
    )
    return answer


@router.get("/login/callback", dependencies=OPEN, operation_id="sign_in_back", response_class=Response)
async def signed_in(
    request: Request, portal: ThePortal, provider: TheProvider, *, code: Text = "", state: Text = "", error: Text = ""
) -> Response:
    """Back from the provider: the code becomes a token, the token a session."""
    told = portal.sessions.open(cookie_of(request.scope, portal.sessions.attempt_cookie))
    # Also of an attempt that is over, or is another window's: what was wanted last is wanted still.
    wanted = safe_next(str((told or {}).get("next", "")))
    if error:
        return _not_in(request, REFUSED.get(error, NOT_DONE), wanted=wanted)
    attempt = _attempt(told, portal)
    if attempt is None or not code or state != attempt.state:
        return _not_in(request, "Попытка входа устарела или начата в другом окне. Войдите ещё раз.", wanted=wanted)
    try:
        token, identity = await provider.exchange(code, attempt, own_address(request, "/login/callback"))
        tokens: Tokens = request.app.state.tokens
        actor = await tokens.actor(f"Bearer {token}")
    except SignInFailed as failed:
        return _not_in(request, failed.detail, wanted=wanted)
    except Unavailable:
        return _not_in(request, AWAY, wanted=wanted, status=503)
    except Refused:
        return _not_in(request, NOT_TAKEN, wanted=wanted)
    return _begun(portal, portal.sessions.begin(token, actor.subject, ends_of(token), identity), attempt.next)


def _begun(portal: Portal, session: Session, following: str) -> Response:
    sealed = portal.sessions.write(session)
    if len(sealed) > LONGEST_COOKIE:
        raise Forbidden(
            "token-too-large", "Войти не удалось", "Сведения об учётной записи слишком велики. Сообщите администратору."
        )
    answer = RedirectResponse(following, status_code=303)
    secure = portal.sessions.secure
    answer.set_cookie(portal.sessions.cookie, sealed, secure=secure, httponly=True, samesite="lax")
    answer.delete_cookie(portal.sessions.attempt_cookie, secure=secure, httponly=True, samesite="lax")
    return answer


@router.get("/logout", dependencies=OPEN, operation_id="ask_sign_out", summary="Выйти", response_class=Response)
async def ask_sign_out(request: Request, portal: ThePortal) -> Response:
    """The question whether to sign out: a link must not do it by itself."""
    return page(_visitor(request, portal), "sign_out.html")


@router.post("/logout", dependencies=OPEN, operation_id="sign_out", response_class=Response)
async def sign_out(request: Request, portal: ThePortal, provider: TheProvider) -> Response:
    """The cookie goes; the provider is asked to forget as well."""
    if not sent_from_here(request):
        raise foreign_form()
    visitor = _visitor(request, portal)
    await form_of(visitor, longest=4 * KIB)
    home = own_address(request, "/")
    try:
        way = await provider.way_out(home, visitor.session.identity if visitor.session else "")
    except Unavailable:
        way = None
    # Pages are not `no-store`, by which browsers also forget what is typed in a form that one leaves and comes back to.
    answer = RedirectResponse(way or home, status_code=303, headers={"Clear-Site-Data": '"cache"'})
    portal.sessions.forget(answer)
    return answer


def _visitor(request: Request, portal: Portal) -> Visitor:
    session = portal.sessions.read(cookie_of(request.scope, portal.sessions.cookie))
    return Visitor(request, portal, NOBODY, session)


def _attempt(told: dict[str, Any] | None, portal: Portal) -> Attempt | None:
    try:
        found = Attempt(**told) if told else None
    except TypeError:
        return None
    return found if found and found.until > portal.clock().timestamp() else None


def _not_in(request: Request, detail: str, *, wanted: str, status: int = 400) -> Response:
    """Why nobody is signed in; the way to try again leads to the `wanted` page, not to this one."""
    values: dict[str, Any] = {"title": "Войти не удалось", "detail": detail, "way": "", "number": ""}
    values["login"] = sign_in_address(wanted)
    return page(Visitor(request, portal_of(request), NOBODY), "failure.html", status=status, **values)


def ends_of(token: str) -> int:
    """The second at which an access token ends; it has been verified before."""
    middle = token.split(".")[1]
    return int(json.loads(urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))["exp"])
