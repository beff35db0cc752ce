"""The expert community: nine indicators of a municipality opened to their items, of all side by side; CSV of both."""

from typing import Annotated

from fastapi import Depends, Path, Query, Response

from services.portal.clients import Answer
from services.portal.clients.paths import path as path_of
from services.portal.page import Visit, page, trouble_page
from services.portal.pages.latest import latest_year
from services.portal.pages.tables import WANTED, table_response
from services.portal.show import community as show
from shared.web import may
from shared.web import router as make_router

router = make_router(tag="community")
READ = [Depends(may("community.read"))]
COMPARE = [Depends(may("community.compare"))]
Named = Annotated[str, Path(max_length=100, description="идентификатор или код ОКТМО")]
Text = Annotated[str, Query(max_length=40)]
EVERYWHERE = "/v1/expert-community"
WRONG_YEAR = 422


@router.get(
    "/community",
    dependencies=COMPARE,
    operation_id="communities_page",
    summary="Экспертное сообщество: показатели всех муниципалитетов",
    response_class=Response,
)
async def communities_page(visitor: Visit, year: Text = "") -> Response:
    """A row for each municipality, a column for each indicator."""
    asked = year.strip() or await latest_year(visitor)
    answer = await visitor.get("scoring", EVERYWHERE, params={"year": asked})
    if not answer.ok and not _year_is_wrong(answer):
        return trouble_page(visitor, answer)
    rows = [show.compared(one) for one in answer.items]
    return page(
        visitor,
        "community/all.html",
        status=200 if answer.ok else WRONG_YEAR,
        year=asked,
        answer=answer,
        rows=rows,
        scored=any(one.scored for one in rows),
        show=show,
    )


@router.get(
    "/municipalities/{municipality}/community",
    dependencies=READ,
    operation_id="community_page",
    summary="Экспертное сообщество муниципалитета",
    response_class=Response,
)
async def community_page(visitor: Visit, municipality: Named, year: Text = "") -> Response:
    """The nine indicators of a year: value, numerator, denominator, and every item that was counted."""
    asked = year.strip() or await latest_year(visitor)
    whose = visitor.portal.region.named(municipality, asked)
    answer = await visitor.get("scoring", path_of("v1", "expert-community", whose), params={"year": asked})
    if not answer.ok and not _year_is_wrong(answer):
        return trouble_page(visitor, answer)
    unit = visitor.portal.region.unit(whose)
    name = answer.body["municipality"]["name"] if answer.ok else unit.name if unit else whose
    return page(
        visitor,
        "community/one.html",
        status=200 if answer.ok else WRONG_YEAR,
        whose=whose,
        name=name,
        year=asked,
        answer=answer,
        told=show.told_of(answer.body) if answer.ok else None,
        show=show,
    )


@router.get(
    "/community.csv",
    dependencies=COMPARE,
    operation_id="download_communities",
    summary="Показатели всех муниципалитетов (CSV)",
    response_class=Response,
)
async def download_communities(visitor: Visit, year: Text) -> Response:
    """A line for each municipality and indicator."""
    return table_response(visitor, await visitor.get("scoring", EVERYWHERE, params={"year": year}, headers=WANTED))


@router.get(
    "/municipalities/{municipality}/community.csv",
    dependencies=READ,
    operation_id="download_community",
    summary="Показатели муниципалитета с каждой учтённой записью (CSV)",
    response_class=Response,
)
async def download_community(visitor: Visit, municipality: Named, year: Text) -> Response:
    """A line for each indicator and for each counted item."""
    path = path_of("v1", "expert-community", municipality)
    return table_response(visitor, await visitor.get("scoring", path, params={"year": year}, headers=WANTED))


def _year_is_wrong(answer: Answer) -> bool:
    """Nothing else of what these pages ask can be refused so."""
    return answer.status == WRONG_YEAR
