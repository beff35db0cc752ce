"""A small service with every kind of door, and an issuer that signs what a test asks for."""

from collections.abc import AsyncIterator, Iterator, MutableMapping
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from structlog.testing import capture_logs

from shared.auth import Tokens
from shared.kernel import Conflict, FieldError, Unavailable
from shared.policy import Actor
from shared.settings import load
from shared.web import (
    ExpectedRevision,
    Health,
    Idempotency,
    JsonAnswer,
    Limit,
    Prepared,
    answered_by,
    create_app,
    created,
    may,
    page,
    read_cursor,
    router,
    write_cursor,
)

HOT = Prepared(b'{"rows": []}')


class Thing(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=2)
    kind: Literal["small", "large"] = "small"
    values: dict[str, Decimal | str | None] = {}
    at: AwareDatetime | None = None


def _reading(routes: APIRouter) -> None:

    @routes.get("/hot")
    @answered_by(lambda request: None if request.url.query else HOT.answer(request))
    async def hot(
        request: Request, actor: Annotated[Actor, Depends(may("rating.read"))], group: Annotated[str, Query()] = "all"
    ) -> Response:
        return Prepared(f'"{group} {actor.role}"'.encode()).answer(request)

    @routes.get("")
    async def listed(  # noqa: PLR0917 - FastAPI calls it by names
        request: Request,
        actor: Annotated[Actor, Depends(may("organization.read"))],
        limit: Limit = 50,
        cursor: str | None = None,
        kind: Annotated[list[str], Query()] = [],  # noqa: B006 - FastAPI copies it
    ) -> Response:
        begin = read_cursor("things", cursor, int) or 0
        return page(request, [begin, Fraction(1, 3), Decimal("1.50")], following=write_cursor("things", begin + limit))


def _writing(routes: APIRouter) -> None:
    @routes.post("")
    async def add(
        thing: Thing, key: Idempotency, actor: Annotated[Actor, Depends(may("municipality.read"))]
    ) -> Response:
        told = {"thing": thing, "key": key.key if key else None, "digest": key.digest if key else None}
        return created(told, location="/v1/things/1", revision=1)

    @routes.put("/{thing}")
    async def change(
        thing: str, revision: ExpectedRevision, actor: Annotated[Actor, Depends(may("result.revise"))]
    ) -> dict[str, Any]:
        return {"thing": thing, "revision": revision, "by": actor.subject}

    @routes.post("/{thing}/turn")
    async def turn(actor: Annotated[Actor, Depends(may("municipality.read"))], told: Thing | None = None) -> Response:
        return JsonAnswer({"name": told and told.name})

    @routes.post("/raw", max_body_size=64)
    async def raw(request: Request, actor: Annotated[Actor, Depends(may("municipality.read"))]) -> dict[str, int]:
        return {"bytes": len(await request.body())}

    @routes.get("/broken/{how}")
    async def broken(how: str, actor: Annotated[Actor, Depends(may("municipality.read"))]) -> None:
        if how == "refused":
            place = FieldError("/values/i1", "out-of-range", "Больше максимума.", "Не больше 2.")
            raise Conflict("thing-exists", "Уже есть", errors=[place], extra={"existing": "7", "status": 200})
        if how == "away":
            raise Unavailable("mongo", retry_after=7)
        raise RuntimeError("secret text")


def doors() -> APIRouter:
    """A door of every kind."""
    routes = router("/v1/things", tag="things")
    _reading(routes)
    _writing(routes)
    return routes


@pytest.fixture(autouse=True)
def told() -> Iterator[list[MutableMapping[str, Any]]]:
    """What was logged."""
    with capture_logs() as lines:
        yield lines


@pytest.fixture
def health() -> Health:
    return Health()


@pytest.fixture
def given() -> dict[str, Any]:
    """Settings of the app; a test's own fixture of this name changes them."""
    return {"env": "local", "cors_origins": ("https://portal.example",)}


@pytest.fixture
def app(tokens: Tokens, health: Health, given: dict[str, Any]) -> FastAPI:
    return create_app(
        service="toy", title="Проба", settings=load(**given), tokens=tokens, health=health, routers=[doors()]
    )


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://toy") as one:
        yield one
