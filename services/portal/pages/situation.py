"""The situation centre: the map, the table, what changes, at one address."""

from asyncio import gather
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Depends, Query, Response

from services.portal.clients import Answer
from services.portal.clients.paths import path as path_of
from services.portal.page import Visit, Visitor, page, trouble_page
from services.portal.pages.latest import begun_with, none_open, sparse
from services.portal.pages.regions import beside
from services.portal.pages.tables import CSV, attached
from services.portal.show.situation import Asked, groups_of, rating_of, read_asked, regions_of
from services.portal.show.spreadsheet import spreadsheet_csv
from shared.web import may
from shared.web import router as make_router

FEED = 8
router = make_router(tag="pages")
Text = Annotated[str, Query(max_length=100)]


def asked_of(  # noqa: PLR0917 - FastAPI calls it by names
    period: Text = "",
    group: Text = "",
    sort: Text = "",
    level: Text = "",
    kind: Text = "",
    q: Text = "",
    near: Text = "",
    region: Text = "",
) -> Asked:
    """What the address asks for."""
    return read_asked(period=period, group=group, sort=sort, level=level, kind=kind, q=q, near=near, region=region)


Wanted = Annotated[Asked, Depends(asked_of)]


@router.get(
    "/",
    dependencies=[Depends(may("portal.read"))],
    operation_id="situation",
    summary="Ситуационный центр",
    response_class=Response,
)
async def situation(visitor: Visit, asked: Wanted) -> Response:
    """The rating of a region, period and group as a map and a table, with what changed just now beside it."""
    asked = _placed(visitor, asked)
    periods, feed, rating = await gather(
        visitor.get("scoring", "/v1/periods", params=asked.of_region),
        _feed(visitor),
        _rating(visitor, asked),
    )
    asked = _settled(asked, periods)
    if rating is None and asked.period:
        rating = await _rating(visitor, asked)
    # The page is made whatever is missing, but its status tells programs, and no browser keeps it.
    status = (rating or periods).page_status
    shown = _shown(visitor, asked, rating)
    partly = [one for one in periods.items if sparse(one)]
    return page(visitor, "situation/page.html", status=status, **shown, periods=periods, partly=partly, feed=feed)


async def _rating(visitor: Visitor, asked: Asked) -> Answer | None:
    """The rating of the period, None while the period is not known."""
    if not asked.period:
        return None
    params = {"group": asked.group} | asked.of_region
    return await visitor.get("scoring", path_of("v1", "ratings", asked.period), params=params)


async def _feed(visitor: Visitor) -> Answer | None:
    """What changed last, for those who have an inbox."""
    if not visitor.may("stream.read", municipality=visitor.municipality):
        return None
    return await visitor.get("notification", "/v1/inbox", params={"limit": FEED})


def _placed(visitor: Visitor, asked: Asked) -> Asked:
    """The same where no region is named in that of the municipality to compare with: it has no row in another's."""
    if asked.region or not asked.near:
        return asked
    return replace(asked, region=beside(visitor, visitor.portal.region.named(asked.near, asked.period)))


def _settled(asked: Asked, periods: Answer) -> Asked:
    """The same with the period that pages begin with where none was named."""
    if asked.period or not periods.items:
        return asked
    named = {name: getattr(asked, name) for name in ("group", "sort", "level", "kind", "q", "near", "region")}
    return read_asked(period=begun_with(periods), **named)


def _shown(visitor: Visitor, asked: Asked, rating: Answer | None) -> dict[str, Any]:
    region = visitor.portal.region
    found = rating_of(rating.body, asked, region) if rating is not None and rating.ok else None
    return {
        "asked": asked,
        "answer": rating,
        "rating": found,
        "groups": groups_of(asked),
        "regions": regions_of(asked, region, found.region if found else asked.region),
    }


@router.get(
    "/rating-excel.csv",
    dependencies=[Depends(may("portal.read"))],
    operation_id="download_rating_for_excel",
    summary="Таблица ситуационного центра для Excel (CSV)",
    response_class=Response,
)
async def download_for_excel(visitor: Visit, asked: Wanted) -> Response:
    """The rows of the page as it is filtered and ordered, for a spreadsheet in Russian."""
    asked = _placed(visitor, asked)
    if not asked.period:
        asked = _settled(asked, await visitor.get("scoring", "/v1/periods", params=asked.of_region))
    found = await _rating(visitor, asked)
    if found is None:
        raise none_open()
    if not found.ok:
        return trouble_page(visitor, found)
    made = spreadsheet_csv(rating_of(found.body, asked, visitor.portal.region))
    return Response(made, media_type=CSV, headers=attached(f"rating-excel-{asked.period}-{asked.group}.csv"))
