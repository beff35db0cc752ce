"""Schools: lists with reasons, signs of bias in plain words, a school's profile; for those who may see the schools."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Response

from services.portal.clients import Answer
from services.portal.clients.paths import path as path_of
from services.portal.page import Visit, Visitor, page, trouble_page
from services.portal.pages.latest import latest_year
from services.portal.show import schools as show
from services.portal.show.spread import Spread, results_of, spread_of
from shared.web import may
from shared.web import router as make_router

router = make_router(tag="schools")
READ = [Depends(may("school.read"))]
SHOWN = "20"
PATHS = {"low_results": "/v1/schools/low-results", "strong": "/v1/schools/strong", "signs": "/v1/schools/bias-signs"}
Text = Annotated[str, Query(max_length=1024)]


@router.get("/schools", dependencies=READ, operation_id="schools_page", summary="Школы: списки и признаки",
            response_class=Response)  # fmt: skip
async def schools_page(  # noqa: PLR0917 - FastAPI calls it by names
    visitor: Visit, shown: Text = "low_results", period: Text = "", municipality: Text = "", cursor: Text = ""
) -> Response:
    """One of the lists of a year, twenty schools a page."""
    chosen = shown if shown in PATHS else "low_results"
    asked = show.Asked(chosen, period.strip() or await latest_year(visitor), municipality, cursor)
    answer = await _listed(visitor, asked)
    if answer.ok and not period.strip() and (years := show.elsewhere(answer.body, asked)):
        asked = replace(asked, period=years[0])
        answer = await _listed(visitor, asked)
    problem = answer.problem
    if problem is not None and problem.code != "unknown-period":
        return trouble_page(visitor, answer)
    items = answer.items if answer.ok else []
    names, sets = await asyncio.gather(_names(visitor, show.ids(items)), _sets(visitor))
    return page(
        visitor,
        "schools/list.html",
        status=200 if answer.ok else 422,
        asked=asked,
        answer=answer,
        items=items,
        names=names,
        sets=sets,
        municipalities=_municipalities(visitor),
        show=show,
    )


async def _listed(visitor: Visitor, asked: show.Asked) -> Answer:
    """A page of a list."""
    told = {"period": asked.period, "municipality": asked.municipality, "cursor": asked.cursor, "limit": SHOWN}
    return await visitor.get("scoring", PATHS[asked.shown], params={name: text for name, text in told.items() if text})


@router.get("/schools/{school}", dependencies=READ, operation_id="school_page", summary="Профиль школы",
            response_class=Response)  # fmt: skip
async def school_page(
    visitor: Visit,
    school: Annotated[str, Path(max_length=100)],
    *,
    period: Text = "",
    shown: Text = "",
    municipality: Text = "",
) -> Response:
    """What speaks of a school in the year and the two before, with the results that it comes from.

    `shown` and `municipality` are of the list that one came from.
    """
    asked = {"period": period} if period else {}
    answer = await visitor.get("scoring", path_of("v1", "schools", school, "risk-profile"), params=asked)
    if not answer.ok:
        return trouble_page(visitor, answer)
    names, sets, spreads = await asyncio.gather(
        _names(visitor, [school]), _sets(visitor), _spreads(visitor, answer.body)
    )
    came = show.Asked(shown if shown in PATHS else "", answer.body["period"], municipality)
    values: dict[str, Any] = {
        "name": names.get(school, school),
        "sets": sets,
        "spreads": spreads,
        "show": show,
        "back": came.address(),
        "years": [(came.school(school, one), one) for one in answer.body.get("periods", ())],
    }
    return page(visitor, "schools/one.html", profile=answer.body, **values)


async def _spreads(visitor: Visitor, profile: Mapping[str, Any]) -> list[Spread]:
    """How marks are spread in the results that the profile's year speaks of, as far as they are told."""
    named = results_of(profile)
    rules = path_of("v1", "school-thresholds", profile["years"][0]["thresholds"])
    thresholds, *answers = await asyncio.gather(
        visitor.get("scoring", rules), *(visitor.get("monitoring", path_of("v1", "results", one)) for one in named)
    )
    said = thresholds.body if thresholds.ok else {}
    found = [spread_of(told.body, one, said) for one, told in zip(named.values(), answers, strict=True) if told.ok]
    return [one for one in found if one is not None]


async def _names(visitor: Visitor, schools: Sequence[str]) -> dict[str, str]:
    """What schools are called, as far as the registry answers."""
    answers = await asyncio.gather(*(visitor.get("registry", path_of("v1", "organizations", one)) for one in schools))
    return {one: str(told.body["name"]) for one, told in zip(schools, answers, strict=True) if told.ok}


async def _sets(visitor: Visitor) -> dict[str, str]:
    """What the sets of thresholds are called, as far as scoring answers."""
    answer = await visitor.get("scoring", "/v1/school-thresholds")
    return {str(one["id"]): str(one["title"]) for one in answer.items} if answer.ok else {}


def _municipalities(visitor: Visitor) -> list[tuple[str, str]]:
    """The municipalities to narrow by, for whoever sees more than one."""
    if not visitor.may("school.read", municipality=None, organization=None):
        return []
    return visitor.portal.region.choices()
