"""The situation centre: the map, the table, what changes, at one address."""

from fastapi import Depends, Response

from services.portal.page import Visit, page
from shared.web import may
from shared.web import router as make_router

router = make_router(tag="pages")


@router.get(
    "/",
    dependencies=[Depends(may("portal.read"))],
    operation_id="situation",
    summary="Ситуационный центр",
    response_class=Response,
)
async def situation(visitor: Visit) -> Response:
    """The rating of a period and group as a map and a table."""
    return page(visitor, "situation/page.html")
