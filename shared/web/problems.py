"""Every refusal and failure as RFC 9457 problem+json: stable code, Russian words; no exception text."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.routing import Match

from shared.exactjson import write
from shared.kernel import FieldError, Kind, Refused, Unavailable
from shared.web.invalid import LISTED, MORE, more_errors, wrong_fields

MEDIA_TYPE = "application/problem+json"

STATUS: Mapping[Kind, int] = {
    Kind.MALFORMED: 400,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.STALE: 412,
    Kind.TOO_LARGE: 413,
    Kind.UNSUPPORTED: 415,
    Kind.INVALID: 422,
    Kind.PRECONDITION: 428,
    Kind.TOO_MANY: 429,
}
_ROUTER = {
    400: ("malformed-request", "Запрос не читается"),
    404: ("not-found", "Такого адреса нет"),
    405: ("method-not-allowed", "Такого действия у этого адреса нет"),
}


def problem(
    status: int,
    code: str,
    title: str,
    *,
    detail: str | None = None,
    errors: list[dict[str, str]] | None = None,
    extra: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem document; `type` is `/problems/<code>`, `extra` never replaces the standard members."""
    body: dict[str, Any] = {
        **(extra or {}),
        "type": f"/problems/{code}",
        "title": title,
        "status": status,
        "detail": detail or title,
        "code": code,
        "errors": errors or [],
    }
    return Response(write(body), status_code=status, media_type=MEDIA_TYPE, headers=dict(headers or {}))


def shown_error(error: FieldError) -> dict[str, str]:
    """One wrong place as it stands in `errors[]`."""
    return {"pointer": error.pointer, "code": error.code, "message": error.message, "remedy": error.remedy}


def problem_of(refused: Refused) -> Response:
    """The problem of a business no; of very many wrong places the first are named."""
    errors = [shown_error(one) for one in refused.errors[:LISTED]]
    if len(refused.errors) > LISTED:
        errors.append(more_errors(len(refused.errors)))
    headers: dict[str, str] = {}
    if refused.kind is Kind.UNAUTHENTICATED:
        believed = refused.code == "unauthenticated"
        headers["WWW-Authenticate"] = 'Bearer realm="rsoko"' + ("" if believed else ', error="invalid_token"')
    if refused.kind is Kind.TOO_MANY:
        headers["Retry-After"] = str(refused.extra.get("retry_after", 1))
    if refused.code == "unsupported-content-encoding":
        headers["Accept-Encoding"] = "identity"
    return problem(
        STATUS[refused.kind],
        refused.code,
        refused.title,
        detail=refused.detail,
        errors=errors,
        extra=refused.extra,
        headers=headers,
    )


def unavailable(error: Unavailable) -> Response:
    """The problem of something we stand on being away."""
    return problem(
        503,
        "unavailable",
        "Служба временно недоступна",
        detail=f"Ничего не записано наполовину. Повторите запрос через {error.retry_after} с.",
        headers={"Retry-After": str(error.retry_after)},
    )


def broken(correlation: str) -> Response:
    """The problem of a bug: no text, only the id under which the log tells more."""
    return problem(
        500,
        "internal-error",
        "Внутренняя ошибка",
        detail=f"Сообщите администратору номер запроса: {correlation}.",
        extra={"correlation_id": correlation},
    )


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return problem_of(error)


async def _unavailable(_: Request, error: Exception) -> Response:
    assert isinstance(error, Unavailable)
    return unavailable(error)


async def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    fields = wrong_fields(error.errors(), error.body)
    count = fields[-1]["message"] if fields[-1]["code"] == MORE else f"Неверных мест: {len(fields)}."
    return problem(
        422,
        "invalid-request",
        "Запрос не принят",
        detail=f"{count} Исправьте перечисленное в errors и повторите.",
        errors=fields,
    )


async def _from_router(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code, title = _ROUTER.get(error.status_code, ("refused", "Запрос не принят"))
    return problem(error.status_code, code, title, headers=headers_of(request, error))


def headers_of(request: Request, error: HTTPException) -> Mapping[str, str]:
    """The headers of a router's no; where only the method is wrong, `Allow` names those of every route of the path."""
    told = dict(error.headers or {})
    if "Allow" in told:
        here = [one for one in request.app.routes if one.matches(request.scope)[0] is not Match.NONE]
        found = {method for one in here for method in getattr(one, "methods", None) or ()}
        told["Allow"] = ", ".join(sorted(found | ({"HEAD"} if "GET" in found else set())))
    return told


def add_problems(app: FastAPI) -> None:
    """Make the application answer every refusal and failure with a problem document."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(Unavailable, _unavailable)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _from_router)
