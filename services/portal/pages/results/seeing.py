"""A result with all its revisions: what holds, what held before, who changed it and why."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import Query, Response

from services.portal.clients.paths import path as path_of
from services.portal.page import Visit, Visitor, page
from services.portal.pages.away import away
from services.portal.pages.results.asked import Reader, ResultId, found, is_open, procedure_of, subject_of
from services.portal.show.revisions import compared, held_too, newest_first
from services.portal.show.spread import Named, Spread, spread_of
from shared.web import router as make_router

router = make_router(tag="results")
Done = Annotated[Literal["entered", "corrected", "unchanged", "withdrawn"] | None, Query()]
# After these scores follow, where anything is scored.
SCORED_ANEW = ("entered", "corrected")


@router.get("/results/{result}", operation_id="result_page", summary="Результат и его версии", response_class=Response)
async def result_page(visitor: Visit, _: Reader, result: ResultId, done: Done = None) -> Response:
    """The last two revisions side by side, all of them below."""
    path = path_of("v1", "results", result)
    answer, revisions = await asyncio.gather(
        visitor.get("monitoring", path), visitor.get("monitoring", f"{path}/revisions", params={"limit": 200})
    )
    present = found(answer)
    if not present:
        return away(visitor, answer, title="Результат")
    procedure, subject = await asyncio.gather(procedure_of(visitor, present["procedure"]), subject_of(visitor, present))
    told = newest_first(revisions.items)
    procedure = held_too(procedure, told)
    school = present["subject"].get("organization")
    unscored = done in SCORED_ANEW and not school and await _lacks_methodology(visitor, present["period"])
    may_revise = visitor.may("result.revise", municipality=subject.owner, organization=school)
    return page(
        visitor,
        "results/one.html",
        headers=visitor.unkept,
        result=present,
        revisions=told,
        revisions_answer=revisions,
        lines=compared(told[:2], procedure["indicators"]),
        procedure=procedure,
        spreads=_spreads(present, procedure),
        subject=subject.name,
        done=done,
        unscored=unscored,
        **_places(visitor, present),
        may_revise=may_revise,
        open_source=may_revise and await is_open(visitor, present["source"]),
    )


async def _lacks_methodology(visitor: Visitor, period: str) -> bool:
    """Whether no edition of the methodology is in force for a period: nothing is going to be scored then, for now."""
    answer = await visitor.get("scoring", "/v1/methodologies")
    year = int(period.rpartition("-")[2])  # a school year counts by the year it ends in
    days = [one["in_force"] for one in answer.items]
    return answer.ok and not any(one["from"] <= year <= (one["to"] or year) for one in days)


def _places(visitor: Visitor, result: Mapping[str, Any]) -> dict[str, Any]:
    """Where it is to be seen what the result makes: at a school its profile, else the score of its municipality."""
    school, owner = result["subject"].get("organization"), result["subject"].get("municipality", {}).get("id")
    if not school:
        scored = f"{path_of('municipalities', owner)}?{urlencode({'period': result['period']})}" if owner else ""
        return {"school": False, "profile": "", "scored": scored}
    seen = visitor.may("school.read", municipality=owner, organization=school)
    return {"school": True, "profile": path_of("schools", school) if seen else "", "scored": ""}


def _spreads(result: Mapping[str, Any], procedure: Mapping[str, Any]) -> list[Spread]:
    """How the marks and scores of this result are spread; the borders between marks stand on the school's profile."""
    found = spread_of(result, Named(procedure["key"], procedure["name"]), {})
    return [found] if found else []
