"""What can be taken along: the rating as CSV, an explained score as JSON or as a paper, deadlines for calendars."""

from typing import Annotated

from fastapi import Depends, Path, Query, Response

from services.portal.clients.paths import path as path_of
from services.portal.page import Visit, trouble_page
from services.portal.pages.tables import WANTED, attached, file_response, table_response
from shared.web import may
from shared.web import router as make_router

PDF = "application/pdf"
# A paper is typeset in a process of its own, which may have to wait for others.
PAPER_PATIENCE = 20.0
router = make_router(tag="downloads")
Text = Annotated[str, Query(max_length=100)]
Named = Annotated[str, Path(max_length=100, description="идентификатор или код ОКТМО")]


@router.get(
    "/rating.csv",
    dependencies=[Depends(may("portal.read"))],
    operation_id="download_rating",
    summary="Рейтинг в виде CSV",
    response_class=Response,
)
async def download_rating(visitor: Visit, period: Text, group: Text = "overall", region: Text = "") -> Response:
    """The same rows as in the table, unfiltered, with exact points."""
    door = path_of("v1", "ratings", period)
    params = {"group": group} | ({"region": region} if region else {})
    return table_response(visitor, await visitor.get("scoring", door, params=params, headers=WANTED))


@router.get(
    "/municipalities/{municipality}/explain.json",
    dependencies=[Depends(may("portal.read"))],
    operation_id="download_explain",
    summary="Оценка с объяснением (JSON)",
    response_class=Response,
)
async def download_explain(visitor: Visit, municipality: Named, period: Text = "") -> Response:
    """The whole chain as scoring answers it, for whoever may see it."""
    params = {"period": period} if period else {}
    found = await visitor.get("scoring", path_of("v1", "scores", municipality, "explain"), params=params)
    if not found.ok:
        return trouble_page(visitor, found)
    name = f"explain-{found.body['municipality']['id']}-{found.body['period']}.json"
    return Response(found.raw, media_type="application/json", headers=attached(name))


@router.get(
    "/municipalities/{municipality}/explain.pdf",
    dependencies=[Depends(may("portal.read"))],
    operation_id="download_explain_paper",
    summary="Оценка с объяснением одним документом (PDF)",
    response_class=Response,
)
async def download_explain_paper(visitor: Visit, municipality: Named, period: Text = "", as_of: Text = "") -> Response:
    """The paper as scoring typesets it: tagged, for printing and for screen readers."""
    params = {name: told for name, told in (("period", period), ("as_of", as_of)) if told}
    door = path_of("v1", "scores", municipality, "explain")
    found = await visitor.get("scoring", door, params=params, headers={"Accept": PDF}, patience=PAPER_PATIENCE)
    if not found.ok:
        return trouble_page(visitor, found)
    return file_response(found, PDF)


@router.get(
    "/municipalities/{municipality}/calendar.ics",
    dependencies=[Depends(may("portal.read"))],
    operation_id="download_calendar",
    summary="Сроки для календаря (iCalendar)",
    response_class=Response,
)
async def download_calendar(visitor: Visit, municipality: Named) -> Response:
    """The deadlines as road maps tell them."""
    found = await visitor.get("roadmap", "/v1/calendar.ics", params={"municipality": municipality})
    if not found.ok:
        return trouble_page(visitor, found)
    return Response(found.body, media_type="text/calendar", headers=attached(f"{municipality}.ics"))
