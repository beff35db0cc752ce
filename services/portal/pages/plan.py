"""The cheapest way to the next level or place: its steps, and a form filled with them to try other values."""

import asyncio
from typing import Annotated, Any, Literal

from fastapi import Depends, Path, Query, Request, Response

from services.portal.clients import Answer
from services.portal.clients.paths import path as path_of
from services.portal.page import Visit, Visitor, page, trouble_page
from services.portal.show.municipality import indicators_of
from services.portal.show.plan import (
    TARGETS,
    Step,
    headline,
    messages,
    named,
    places,
    remarks,
    steps_of,
    values_of,
)
from services.portal.show.what_if import whole_steps
from services.portal.show.words import GROUPS
from shared.kernel import NotFound
from shared.policy import Actor
from shared.web import may
from shared.web import router as make_router

router = make_router(tag="pages")
Supposer = Annotated[Actor, Depends(may("score.what-if"))]
Named = Annotated[str, Path(max_length=100)]
Text = Annotated[str, Query(max_length=100)]
Target = Annotated[Literal["level", "rank"], Query(description="до уровня или до места")]
AWAY, REFUSED = 503, 422


@router.get(
    "/municipalities/{municipality}/next-level",
    operation_id="plan_page",
    summary="Что нужно до следующего уровня или места",
    response_class=Response,
)
async def plan_page(  # noqa: PLR0917 - FastAPI calls it by names
    request: Request,
    visitor: Visit,
    _: Supposer,
    municipality: Named,
    period: Text = "",
    group: Text = "overall",
    target: Target = "level",
) -> Response:
    """The whole question stands in the address, also other values that are tried; nothing is stored."""
    asked = {"group": group, "target": target} | ({"period": period} if period else {})
    found, catalogue = await asyncio.gather(
        visitor.get("scoring", path_of("v1", "scores", municipality, "next-level"), params=asked),
        visitor.get("monitoring", "/v1/procedures"),
    )
    if found.missing and found.problem:
        raise NotFound(found.problem.code, found.problem.title, found.problem.detail)
    if not found.ok:
        return trouble_page(visitor, found)
    steps = steps_of(found.body, indicators_of(catalogue.items))
    typed = {one.field: request.query_params[one.field] for one in steps if one.field in request.query_params}
    tried = await _tried(visitor, found.body, steps, typed) if typed else None
    return _page(visitor, found.body, steps, typed=typed, tried=tried)


async def _tried(visitor: Visitor, plan: dict[str, Any], steps: list[Step], typed: dict[str, str]) -> Answer:
    body = {"period": plan["period"], "values": values_of(typed, steps)}
    door = path_of("v1", "scores", plan["municipality"]["id"], "what-if")
    return await visitor.send("POST", "scoring", door, json=body)


def _page(
    visitor: Visitor, plan: dict[str, Any], steps: list[Step], *, typed: dict[str, str], tried: Answer | None
) -> Response:
    problem = tried.problem if tried else None
    return page(
        visitor,
        "municipality/plan.html",
        status=200 if problem is None else AWAY if problem.code == "service-away" else REFUSED,
        plan=plan,
        steps=steps,
        headline=headline(plan),
        remarks=remarks(plan),
        typed=typed,
        problem=named(problem, steps),
        fields=places(steps),
        errors=messages(problem, steps),
        after=whole_steps(tried.body) if tried is not None and tried.ok else [],
        targets=TARGETS,
        names=GROUPS,
    )
