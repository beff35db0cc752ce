"""The nine indicators over HTTP: of one municipality item by item, of all by counts; JSON or CSV."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.scoring.api.community.items import Whose, Year
from services.scoring.api.community.tables import everywhere_csv, indicators_csv
from services.scoring.api.parts import RegionOf, Uses, region_asked
from services.scoring.api.told.community import CommunityAnswer, CommunityPage
from shared.exactjson import write
from shared.policy import Actor, actor_may, decide
from shared.web import TAG, answers, cached, may, page
from shared.web import router as make_router
from shared.web.accept import prefers

CSV = "text/csv"
ALSO = {CSV: {"schema": {"type": "string"}}}
LISTED = answers(CommunityPage, also=ALSO)
# A list as JSON has none, the same as CSV has one.
LISTED[200]["headers"] = {name: {**told, "required": False} for name, told in TAG.items()}
router: APIRouter = make_router("/v1/expert-community", tag="expert-community")
Reader = Annotated[Actor, Depends(may("community.read"))]
Comparer = Annotated[Actor, Depends(may("community.compare"))]


def _csv(request: Request, body: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return cached(request, body, media_type=CSV, headers=headers)


@router.get(
    "",
    operation_id="list_expert_communities",
    responses=LISTED,
    summary="Девять показателей всех муниципалитетов: JSON или CSV (Accept)",
)
async def list_communities(  # noqa: PLR0917 - FastAPI calls it by names
    request: Request, uses: Uses, actor: Comparer, year: Year, region: RegionOf = None
) -> Response:
    """Counts and shares of a region's municipalities, no items; by name.

    Indicators of fewer than five specialists of another municipality have no numbers, and `reason` says so.
    """
    found = await uses.community.everywhere(
        year,
        region_asked(uses, actor, region),
        may=lambda one: actor_may(actor, "community.read", {"municipality": one}),
    )
    if prefers(request, CSV):
        return _csv(request, everywhere_csv(found), f"expert-community-{year}")
    return page(request, found, following=None)


@router.get(
    "/{municipality}",
    operation_id="read_expert_community",
    responses=answers(CommunityAnswer, also=ALSO, tagged=True),
    summary="Девять показателей муниципалитета с каждой учтённой записью: JSON или CSV (Accept)",
)
async def read_community(request: Request, uses: Uses, actor: Reader, municipality: Whose, *, year: Year) -> Response:
    """Every counted item: what it is, id, day, source."""
    whom = uses.community.municipality(municipality, year)
    decide(actor, "community.read", {"municipality": whom})
    found = await uses.community.indicators(whom, year)
    if prefers(request, CSV):
        return _csv(request, indicators_csv(found), f"expert-community-{whom}-{year}")
    return cached(request, write(found))
