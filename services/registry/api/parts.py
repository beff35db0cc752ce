"""What both doors of the registry share: the use cases, days and the place of a page."""

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request
from pydantic import BeforeValidator

from services.registry.api.bodies import Day
from services.registry.usecases import Registry
from shared.web import Cursor, read_cursor, write_cursor


async def uses_of(request: Request) -> Registry:
    """The use cases of this app."""
    found: Registry = request.app.state.uses
    return found


def _empty_is_none(value: Any) -> Any:
    return None if value == "" else value


Uses = Annotated[Registry, Depends(uses_of)]
On = Annotated[
    Day | None,
    BeforeValidator(_empty_is_none),
    Query(description="на какой день: названия, виды и коды, как они были тогда", examples=["2022-01-01"]),
]
Correction = Annotated[
    bool,
    Query(description="исправление: чего из реестра в строках нет, было ошибкой; дни без названия верны"),
]
Named = Annotated[
    str, Path(max_length=100, description="идентификатор или код ОКТМО", examples=["74-zlatoustovsky-go"])
]


def begin_after(listing: str, cursor: Cursor) -> str | None:
    """The id after which a page begins."""
    place: str | None = read_cursor(listing, cursor, str)
    return place


def end_of(listing: str, ids: list[str], limit: int) -> str | None:
    """The cursor of the next page: where one more row than asked for was found."""
    return write_cursor(listing, ids[limit - 1]) if len(ids) > limit else None
