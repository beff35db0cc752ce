"""A comparison as a page: with another municipality, another year, another day; the biggest differences first."""

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Response

from services.portal.clients import Problem
from services.portal.clients.paths import path as path_of
from services.portal.page import Visit, Visitor, page, trouble_page
from services.portal.show import words
from services.portal.show.comparison import (
    FIELDS,
    by_size,
    compared,
    most_of,
    nothing_there,
    procedures_of,
    sides,
    to_come,
)
from services.portal.show.entry import MIDNIGHT, messages
from services.portal.show.region import region_of
from shared.calendar import day_of
from shared.kernel import NotFound
from shared.policy import Actor
from shared.web import may
from shared.web import router as make_router

router = make_router(tag="pages")
TEMPLATE, UNPROCESSABLE = "municipality/comparison.html", 422
Reader = Annotated[Actor, Depends(may("score.read"))]
Named = Annotated[str, Path(max_length=100, description="идентификатор или код ОКТМО")]
Text = Annotated[str, Query(max_length=100)]
Beside = Annotated[str, Query(alias="with", max_length=100, description="другой муниципалитет")]
On = Annotated[str, Query(max_length=10, description="день, на начало которого смотреть: 2022-12-31")]


@router.get(
    "/municipalities/{municipality}/compare",
    operation_id="comparison_page",
    summary="Сравнение двух муниципалитетов, периодов или дней",
    response_class=Response,
)
async def comparison_page(  # noqa: PLR0917 - FastAPI calls it by names
    visitor: Visit,
    _: Reader,
    municipality: Named,
    period: Text,
    beside: Beside = "",
    with_period: Text = "",
    on: On = "",
) -> Response:
    """The whole question stands in the address; without one only the forms are shown."""
    whose = visitor.portal.region.named(municipality, period)
    periods = await visitor.get("scoring", "/v1/periods", params=region_of(whose))
    asked = {"with": beside, "with_period": with_period, "as_of": f"{on}{MIDNIGHT}" if on else ""}
    params = {name: told for name, told in asked.items() if told}
    values: dict[str, Any] = {"whose": whose, "period": period, "beside": beside, "with_period": with_period, "on": on}
    told = [str(one["period"]) for one in periods.items]
    values |= _choices(visitor, whose) | {"other_periods": [(one, words.period(one)) for one in told if one != period]}
    ahead = to_come(on, day_of(visitor.portal.clock()))
    if not params or ahead:
        status = UNPROCESSABLE if ahead else 200
        return _asking(visitor, values, ahead, status=status)
    door = path_of("v1", "scores", whose, "compare")
    found = await visitor.get("scoring", door, params={"period": period, **params})
    if found.away or found.barred:
        return trouble_page(visitor, found)
    if found.problem is None:
        return page(visitor, TEMPLATE, problem=None, **values, **_fields(visitor, None), **_shown(found.body))
    known = period in told and visitor.portal.region.unit(whose) is not None
    if found.missing and not known:
        raise NotFound(found.problem.code, found.problem.title, found.problem.detail)
    problem = nothing_there(found.problem, params, on) if found.missing else found.problem
    return _asking(visitor, values, problem, status=found.status)


def _asking(visitor: Visitor, values: dict[str, Any], problem: Problem | None, *, status: int = 200) -> Response:
    """The forms, each with what is wrong in it."""
    return page(visitor, TEMPLATE, status=status, told=None, problem=problem, **values, **_fields(visitor, problem))


def _fields(visitor: Visitor, problem: Problem | None) -> dict[str, Any]:
    today = day_of(visitor.portal.clock())
    return {"fields": FIELDS, "errors": messages(problem, FIELDS, ()), "today": today}


def _choices(visitor: Visitor, whose: str) -> dict[str, Any]:
    region = visitor.portal.region
    unit = region.unit(whose)
    return {
        "others": [one for one in region.choices() if one[0] != whose],
        "name": unit.name if unit else whose,
    }


def _shown(told: dict[str, Any]) -> dict[str, Any]:
    a, b = sides(told)
    overall = compared(told["overall"], "Общая оценка")
    procedures = by_size(procedures_of(told))
    return {
        "told": told,
        "a": a,
        "b": b,
        "overall": overall,
        "most": most_of(procedures or overall.terms),
        "groups": [compared(one, one["title"]) for one in told["groups"]],
    }
