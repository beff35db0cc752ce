"""What people see when a page cannot be shown; programs that ask for no HTML get the problem document."""

from collections.abc import Mapping

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.portal.clients.paths import here_of
from services.portal.clients.wording import detail_for_people
from services.portal.forms import fields_of, kept_of
from services.portal.page import AWAY, UNAUTHENTICATED, Visitor, page, portal_of
from services.portal.session import Session
from services.portal.signin.next_page import HOME, login_address, page_of, sign_in_address
from shared.kernel import Kind, Refused, Unavailable
from shared.policy import NOBODY
from shared.telemetry import current_cause, log
from shared.web import STATUS, problem, problem_of
from shared.web.accept import prefers
from shared.web.answers import JSON
from shared.web.invalid import wrong_fields
from shared.web.problems import MEDIA_TYPE, headers_of, unavailable

ENDED, ENTER_AGAIN = "Сеанс закончился", "Отправленное не записано: нужно войти снова."
# Whoever has signed in sees their name there; the page of the form would show it without what was typed.
ENTER = sign_in_address(HOME)
WAYS = {
    404: "Проверьте адрес или вернитесь в ситуационный центр.",
    AWAY: "Подождите минуту и обновите страницу.",
}
METHOD_NOT_ALLOWED = 405
# Code, title and words of what no page has taken.
ROUTED = {
    400: ("malformed-request", "Запрос не читается", "Форма пришла не целиком. Откройте страницу заново и повторите."),
    404: ("not-found", "Такой страницы нет", "По этому адресу ничего нет."),
    METHOD_NOT_ALLOWED: (
        "method-not-allowed",
        "Запрос не принят",
        "Этот адрес так не открыть: сюда отправляет форма. Откройте страницу, на которой она стоит.",
    ),
}


def wants_page(request: Request) -> bool:
    """Whether this is a browser."""
    return prefers(request, "text/html", JSON, MEDIA_TYPE)


def _visitor(request: Request) -> Visitor:
    """Whoever has passed before; the public where nobody's token has been believed."""
    told = request.headers.get("authorization")
    actor = request.app.state.tokens.known(told) if told else None
    return Visitor(request, portal_of(request), actor or NOBODY, _session(request))


def failure(
    request: Request, status: int, title: str, detail: str, *, headers: Mapping[str, str] | None = None
) -> Response:
    """The page of a failure."""
    visitor = _visitor(request)
    told = {"title": title, "detail": detail, "way": WAYS.get(status, ""), "number": ""}
    return page(visitor, "failure.html", status=status, headers=headers, **told)


async def _to_sign_in(request: Request) -> Response:
    """Off to sign in; a cookie that is not believed goes, so that what is public can be read without.

    A form that was sent stays in the browser: leading away from it would lose what was typed.
    """
    address = login_address(request)
    answer: Response
    if "hx-request" in request.headers:
        answer = Response(status_code=204, headers={"HX-Redirect": address})
    elif (form := await kept_of(request)) is not None:
        answer = _kept(request, form, UNAUTHENTICATED, title=ENDED, detail=ENTER_AGAIN)
    else:
        answer = RedirectResponse(address, status_code=303)
    if _session(request) is not None:
        portal_of(request).sessions.forget(answer)
    return answer


def _kept(request: Request, form: FormData, status: int, *, title: str, detail: str) -> Response:
    """A page with nothing but what this very request has sent, to send it again; signing in gets a tab of its own."""
    return page(
        Visitor(request, portal_of(request), NOBODY),
        "kept.html",
        status=status,
        headers={"Cache-Control": "no-store"},
        title=title,
        detail=detail,
        typed=fields_of(form),
        enter=ENTER if status == UNAUTHENTICATED else "",
    )


def _session(request: Request) -> Session | None:
    """The session of the cookie that this request was asked with."""
    found: Session | None = request.scope.get("portal.session")
    return found


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    if not wants_page(request):
        return problem_of(error)
    if error.kind is Kind.UNAUTHENTICATED:
        return await _to_sign_in(request)
    detail = detail_for_people(error.code, error.title, error.detail)
    return failure(request, STATUS[error.kind], error.title, detail)


async def _unavailable(request: Request, error: Exception) -> Response:
    assert isinstance(error, Unavailable)
    if not wants_page(request):
        return unavailable(error)
    session = _session(request)
    if session is not None and portal_of(request).sessions.ended(session):
        return await _to_sign_in(request)  # that it has ended is known without the provider
    title, detail = "Служба временно недоступна", "Вход сейчас не проверить: служба входа не отвечает."
    if (form := await kept_of(request)) is not None:
        return _kept(request, form, AWAY, title=title, detail=detail)
    return page(
        _visitor(request),
        "failure.html",
        status=AWAY,
        title=title,
        detail=detail,
        way=WAYS[AWAY],
        number="",
        leave=session is not None,
    )


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    fields = wrong_fields(error.errors(), error.body)
    if not wants_page(request):
        return problem(422, "invalid-request", "Запрос не принят", errors=fields)
    detail = "; ".join(f"{one['message']}" for one in fields)
    return failure(request, 422, "Адрес страницы неверен", detail)


def _form_page(request: Request, status: int) -> str:
    """Where the form stands whose refusal was shown at this address, which is opened again; else the start page."""
    opened = request.method == "GET" and status == METHOD_NOT_ALLOWED
    return page_of(request, here_of(request)) if opened else HOME


async def _from_router(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code, title, detail = ROUTED.get(
        error.status_code, ("refused", "Запрос не принят", f"Сервер ответил отказом {error.status_code}.")
    )
    headers = headers_of(request, error)
    if not wants_page(request):
        return problem(error.status_code, code, title, detail=detail, headers=headers)
    if (above := _form_page(request, error.status_code)) != HOME:
        return RedirectResponse(above, status_code=303)
    return failure(request, error.status_code, title, detail, headers=headers)


class BrokenPages:
    """Shows a bug as a page with the number under which the log tells more."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            request = Request(scope) if scope["type"] == "http" else None
            if begun or request is None or not wants_page(request):
                raise
            log.exception("a page failed", exc_info=error, path=scope["path"])
            await _broken(request)(scope, receive, send)


def _broken(request: Request) -> Response:
    return page(
        _visitor(request),
        "failure.html",
        status=500,
        title="Страница не открылась",
        detail="Это наша ошибка; записанное не пострадало.",
        way="Обновите страницу; если не поможет, сообщите администратору номер запроса.",
        number=current_cause().correlation,
    )


def add_failures(app: FastAPI) -> None:
    """Make the application show its refusals and failures as pages."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(Unavailable, _unavailable)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _from_router)
    app.user_middleware.append(Middleware(BrokenPages))
