"""Routers whose requests are read exactly: typed body, bounded size, JSON without floats."""

from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import Any, TypeVar

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from shared.exactjson import read
from shared.kernel import Malformed, Refused, TooLarge, Unsupported
from shared.policy import the_policy
from shared.settings import MIB
from shared.web.access import actions_of, guards_of
from shared.web.answers import JsonAnswer
from shared.web.queries import parameters_of, wrong_parameters

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Ready = Callable[[Request], Response | None]
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
API = "/v1/"
_READY: dict[Callable[..., Any], Ready] = {}


class _Carried(HTTPException):
    """Carries a refusal through FastAPI, which turns any other error of reading a body into its own 400."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(status_code=400)
        self.refused = refused


def _too_large(limit: int) -> _Carried:
    shown = f"{limit // MIB} МиБ" if limit >= MIB else f"{limit} байт"
    return _Carried(TooLarge("body-too-large", "Тело запроса слишком велико", f"Не больше {shown}. Разделите запрос."))


class ExactRequest(Request):
    """A request whose body is counted while it is read and parsed without floats."""

    limit = MIB

    async def stream(self) -> AsyncGenerator[bytes, None]:
        told = self.headers.get("content-length", "")
        if told.isdecimal() and int(told) > self.limit:
            raise _too_large(self.limit)
        taken = 0
        async for chunk in super().stream():
            taken += len(chunk)
            if taken > self.limit:
                raise _too_large(self.limit)
            yield chunk

    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            try:
                self._json = read(await self.body())
            except Malformed as refused:
                raise _Carried(refused) from None
        return self._json


def is_json(content_type: str) -> bool:
    """Whether a content type is JSON or a kind of it, in UTF-8."""
    media, _, parameters = content_type.lower().partition(";")
    charset = parameters.replace(" ", "").replace('"', "")
    kind = media.strip()
    return (kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))) and (
        "charset=" not in charset or "charset=utf-8" in charset
    )


def _has_body(request: Request) -> bool:
    return request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers


def _check_type(request: Request) -> None:
    told = request.headers.get("content-type", "")
    if not is_json(told):
        shown = f" (получено «{told[:100]}»)" if told else ""
        raise Unsupported(
            "unsupported-media-type",
            "Такой вид тела не принимается",
            f"Content-Type: application/json{shown}.",
        )


def _check_encoding(request: Request) -> None:
    told = request.headers.get("content-encoding", "identity")
    if told.strip().lower() != "identity":
        detail = f"Тело передайте без сжатия (получено Content-Encoding: {told[:100]})."
        raise Unsupported("unsupported-content-encoding", "Сжатое тело не принимается", detail)


def answered_by(ready: Ready) -> Callable[[Endpoint], Endpoint]:
    """Ask `ready` first: an answer kept for this very request skips FastAPI's reading of parameters, None does not.

    Only for an action open to everyone, and only asked for a GET without a token.
    """

    def decorate(endpoint: Endpoint) -> Endpoint:
        _READY[endpoint] = ready
        return endpoint

    return decorate


def _with_ready(ready: Ready, inner: Handler) -> Handler:
    async def handle(request: Request) -> Response:
        if all(name != b"authorization" for name, _ in request.scope["headers"]):
            answer = ready(request)
            if answer is not None:
                return answer
        return await inner(request)

    return handle


class ExactRoute(APIRoute):
    """A route with bodies read exactly; `max_body_size=` states a limit of its own in bytes.

    FastAPI reads and parses a body before it asks any dependency. So the guards are asked here, before the first byte:
    the body of somebody who may not do this costs nothing.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        self.limit: int | None = options.pop("max_body_size", None)
        super().__init__(path, endpoint, **options)

    def _open_to_all(self) -> bool:
        if all("everyone" in the_policy().actions[action] for action in actions_of(self)):
            return True
        raise LookupError(f"{self.path}: an answer kept ready would pass the guard")

    def _asked_rightly(self, inner: Handler) -> Handler:
        """Refuse what a query says that is not known; pages of people carry more than they know."""
        known, guards = parameters_of(self.dependant), guards_of(self)

        async def handle(request: Request) -> Response:
            if wrong := wrong_parameters(request, known):
                for guard in guards:
                    await guard(request)
                raise RequestValidationError(wrong)
            return await inner(request)

        return handle if self.path.startswith(API) else inner

    def get_route_handler(self) -> Handler:
        inner = self._asked_rightly(super().get_route_handler())
        if not (self.methods or set()) - {"GET", "HEAD", "OPTIONS"}:
            ready = _READY.get(self.endpoint)
            return _with_ready(ready, inner) if ready and self._open_to_all() else inner

        guards = guards_of(self)

        async def handle(request: Request) -> Response:
            for guard in guards:
                await guard(request)
            exact = ExactRequest(request.scope, request.receive)
            exact.limit = self.limit or request.app.state.settings.max_body
            _check_encoding(exact)
            if self.body_field is not None and (self.body_field.field_info.is_required() or _has_body(exact)):
                _check_type(exact)
            try:
                return await inner(exact)
            except _Carried as carried:
                raise carried.refused from None

        return handle


def _name_of(route: APIRoute) -> str:
    return route.name


def router(prefix: str = "", *, tag: str = "") -> APIRouter:
    """The router of one door: exact bodies, exact answers."""
    return APIRouter(
        prefix=prefix,
        tags=[tag] if tag else None,
        route_class=ExactRoute,
        default_response_class=JsonAnswer,
        redirect_slashes=False,
        generate_unique_id_function=_name_of,
    )
