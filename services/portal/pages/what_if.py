"""What if: other values of a procedure's indicators, and the score, level and rank that they would give."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request, Response

from services.portal.clients import Answer, Problem
from services.portal.clients.paths import path as path_of
from services.portal.page import Visit, Visitor, page
from services.portal.pages.away import away
from services.portal.show.entry import PREFIX, for_people, highest, messages, shown, typed
from services.portal.show.what_if import Step, steps
from shared.kernel import NotFound
from shared.policy import Actor
from shared.web import may
from shared.web import router as make_router

router = make_router(tag="pages")
Supposer = Annotated[Actor, Depends(may("score.what-if"))]
Named = Annotated[str, Path(max_length=100)]
Text = Annotated[str, Query(max_length=100)]
Chain = Mapping[str, Any]


@router.get(
    "/municipalities/{municipality}/what-if",
    operation_id="what_if",
    summary="Что будет, если: другие значения показателей",
    response_class=Response,
)
async def what_if(
    request: Request, visitor: Visit, _: Supposer, municipality: Named, *, period: Text = "", procedure: Text = ""
) -> Response:
    """The whole question stands in the address; nothing is stored."""
    asked = {"period": period} if period else {}
    explained, catalogue = await asyncio.gather(
        visitor.get("scoring", path_of("v1", "scores", municipality, "explain"), params=asked),
        visitor.get("monitoring", "/v1/procedures"),
    )
    if explained.missing and explained.problem:
        raise NotFound(explained.problem.code, explained.problem.title, explained.problem.detail)
    if not explained.ok:
        return away(visitor, explained, title="Что будет, если")
    chosen = _chosen(explained.body, procedure)
    indicators = _indicators(chosen, catalogue, procedure)
    values = _typed(request, indicators)
    told = await _supposed(visitor, explained.body, procedure, values) if values else None
    return _page(visitor, explained.body, chosen, indicators=indicators, values=values, told=told)


def _page(
    visitor: Visitor,
    chain: Chain,
    chosen: Chain | None,
    *,
    indicators: list[dict[str, Any]],
    values: Mapping[str, str],
    told: Answer | None,
) -> Response:
    fields = {f"/values/{chosen['procedure']}/{one['key']}": f"{PREFIX}{one['key']}" for one in indicators if chosen}
    problem = _problem(told, indicators)
    return page(
        visitor,
        "what_if.html",
        status=200 if problem is None else 503 if problem.code == "service-away" else 422,
        chain=chain,
        chosen=chosen,
        procedures=_choices(chain),
        indicators=indicators,
        values=values,
        problem=problem,
        fields=fields,
        errors=messages(problem, fields, indicators),
        steps=_steps(told, chosen),
    )


def _problem(told: Answer | None, indicators: list[dict[str, Any]]) -> Problem | None:
    problem = told.problem if told else None
    return for_people(problem, indicators) if problem else None


def _steps(told: Answer | None, chosen: Chain | None) -> list[Step]:
    if told is None or chosen is None or not told.ok:
        return []
    return steps(told.body, chosen["procedure"], title=chosen["title"], group=chosen["group"])


def _choices(chain: Chain) -> list[tuple[str, str]]:
    return [(one["procedure"], one["title"]) for group in chain["overall"]["groups"] for one in group["procedures"]]


def _chosen(chain: Chain, procedure: str) -> dict[str, Any] | None:
    """The procedure's link of the chain, with its group."""
    for group in chain["overall"]["groups"]:
        for one in group["procedures"]:
            if one["procedure"] == procedure:
                return {**one, "group": group["group"]}
    return None


def _indicators(chosen: Chain | None, catalogue: Answer, procedure: str) -> list[dict[str, Any]]:
    """Key, name, greatest value, rule and present value of each; where the catalogue is away, keys are names enough."""
    if chosen is None:
        return []
    described: Mapping[str, Any] = next((one for one in catalogue.items if one["key"] == procedure), {"indicators": []})
    named = {one["key"]: one for one in described["indicators"]}
    known = {one["indicator"]: one for one in chosen["indicators"]}
    return [
        {
            "key": key,
            "name": named[key]["name"] if key in named else key,
            # Of values, where the catalogue tells it: those of the explanation are points.
            "maximum": highest(named[key]) if key in named else None,
            "rule": known[key]["rule"]["words"] if key in known else "",
            "value": shown(known[key]["value"]) if key in known else "",
        }
        for key in (known or named)
    ]


def _typed(request: Request, indicators: list[dict[str, Any]]) -> dict[str, str]:
    """What the address asks about; empty before the first question."""
    given = request.query_params
    return {one["key"]: given[PREFIX + one["key"]].strip() for one in indicators if PREFIX + one["key"] in given}


async def _supposed(visitor: Visitor, chain: Chain, procedure: str, values: Mapping[str, str]) -> Answer:
    body = {"period": chain["period"], "values": {procedure: {key: typed(text) for key, text in values.items()}}}
    return await visitor.send(
        "POST", "scoring", path_of("v1", "scores", chain["municipality"]["id"], "what-if"), json=body
    )
