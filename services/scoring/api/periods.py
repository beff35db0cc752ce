"""The periods that there are ratings of, so that nobody has to guess them."""

from typing import Annotated

from fastapi import Depends, Request, Response

from services.scoring.api.parts import RegionOf, Uses, region_asked, sees_live
from services.scoring.api.told.ratings import PeriodPage
from shared.policy import Actor
from shared.web import answers, may, page
from shared.web import router as make_router

router = make_router("/v1/periods", tag="ratings")
Reader = Annotated[Actor, Depends(may("rating.read"))]


@router.get("", operation_id="list_periods", responses=answers(PeriodPage), summary="Периоды, за которые есть рейтинги")
async def list_periods(request: Request, uses: Uses, actor: Reader, region: RegionOf = None) -> Response:
    """The latest first, each with the time of its data; those not published only for whoever sees live ratings."""
    found = await uses.ratings.periods(region_asked(uses, actor, region), every=sees_live(actor))
    return page(request, found, following=None)
