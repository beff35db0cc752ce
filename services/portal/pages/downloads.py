"""What can be taken along: the rating as CSV, as scoring writes it."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Path, Query, Response

from services.portal.page import Visit, trouble_page
from shared.exactjson import write
from shared.web import may
from shared.web import router as make_router

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
async def download_rating(visitor: Visit, period: Text, group: Text = "overall") -> Response:
    """The same rows as in the table, unfiltered, with exact points."""
    found = await visitor.get(
        "scoring", f"/v1/ratings/{quote(period, safe='')}", params={"group": group}, headers={"Accept": "text/csv"}
    )
    if not found.ok:
        return trouble_page(visitor, found)
    kept = {name: found.headers[name] for name in ("content-disposition", "etag") if name in found.headers}
    return Response(found.body, media_type="text/csv", headers=kept | {"Cache-Control": "private, no-cache"})


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
    found = await visitor.get("scoring", f"/v1/scores/{quote(municipality, safe='')}/explain", params=params)
    if not found.ok:
        return trouble_page(visitor, found)
    return Response(write(found.body), media_type="application/json", headers=_attached(f"{municipality}.json"))


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
    return Response(found.body, media_type="text/calendar", headers=_attached(f"{municipality}.ics"))


def _attached(name: str) -> dict[str, str]:
    plain = "".join(sign for sign in name if sign.isascii() and (sign.isalnum() or sign in "-._"))
    return {"Content-Disposition": f'attachment; filename="{plain}"', "Cache-Control": "private, no-cache"}
