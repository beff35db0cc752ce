"""The pages of trends: of one municipality, of the region by a group; and the same as CSV."""

from asyncio import gather
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Response

from services.portal.clients import Answer
from services.portal.page import Visit, Visitor, page, trouble_page
from services.portal.pages.latest import begun_with, without_period
from services.portal.pages.tables import WANTED, table_response
from services.portal.show.region import region_of
from services.portal.show.situation import read_asked as centre_asked
from services.portal.show.trend import COLUMNS, Asked, Trend, read_asked, trend_of
from services.portal.show.words import GROUPS
from shared.web import may
from shared.web import router as make_router

router = make_router(tag="pages")
READ = [Depends(may("portal.read"))]
Named = Annotated[str, Path(max_length=100, description="идентификатор или код ОКТМО")]
Text = Annotated[str, Query(max_length=100)]


def asked_of(  # noqa: PLR0917 - FastAPI calls it by names
    until: Text = "", years: Text = "", territory: Text = "", by: Text = "", group: Text = "", region: Text = ""
) -> Asked:
    """What the address asks for."""
    return read_asked(until=until, years=years, territory=territory, by=by, group=group, region=region)


Wanted = Annotated[Asked, Depends(asked_of)]


def _params(asked: Asked, whose: str | None) -> dict[str, Any]:
    if whose is None:
        return asked.params() | {"group": asked.group} | asked.of_region
    return asked.params() | {"municipality": whose, "by": asked.by}


def _whose(visitor: Visitor, asked: Asked, municipality: str | None) -> str | None:
    """The id of the municipality that is told by its id or code, if any is."""
    return None if municipality is None else visitor.portal.region.named(municipality, asked.until)


async def _trend(visitor: Visitor, asked: Asked, municipality: str | None, **options: Any) -> Answer:
    """The trend of one municipality by its id or code, or of the region."""
    whose = _whose(visitor, asked, municipality)
    return await visitor.get("scoring", "/v1/trends", params=_params(asked, whose), **options)


async def _periods(visitor: Visitor, asked: Asked, municipality: str | None) -> Answer:
    """The periods of the municipality's own region, or of the one that is asked for."""
    whose = _whose(visitor, asked, municipality)
    within = asked.of_region if whose is None else region_of(whose)
    return await visitor.get("scoring", "/v1/periods", params=within)


async def _both(visitor: Visitor, asked: Asked, municipality: str | None) -> tuple[Asked, Answer, Answer | None]:
    """What is asked, the periods, and the trend; at once where the address names the period."""
    if asked.until:
        listed = _periods(visitor, asked, municipality)
        periods, trend = await gather(listed, _trend(visitor, asked, municipality))
        return asked, periods, trend
    periods = await _periods(visitor, asked, municipality)
    asked = replace(asked, until=begun_with(periods))
    return asked, periods, await _trend(visitor, asked, municipality) if asked.until else None


@router.get(
    "/municipalities/{municipality}/trend",
    dependencies=READ,
    operation_id="municipality_trend_page",
    summary="Динамика муниципалитета",
    response_class=Response,
)
async def municipality_trend(visitor: Visit, municipality: Named, asked: Wanted) -> Response:
    """Each group or procedure as a slope of years, the table below; the address holds the whole view."""
    asked, periods, answer = await _both(visitor, asked, municipality)
    if answer is None:
        return without_period(visitor, periods)
    if not answer.ok:
        return trouble_page(visitor, answer)
    trend = trend_of(answer.body)
    name = trend.series[0]["municipality"]["name"]
    whose = visitor.portal.region.named(municipality, asked.until)
    return page(visitor, "trend/municipality.html", whose=whose, name=name, asked=asked, periods=periods, trend=trend)


@router.get(
    "/trend", dependencies=READ, operation_id="region_trend_page", summary="Динамика региона", response_class=Response
)
async def region_trend(visitor: Visit, asked: Wanted) -> Response:
    """How many municipalities stood on which level in which year, and each of them in a table."""
    asked, periods, answer = await _both(visitor, replace(asked, years=min(asked.years, COLUMNS)), None)
    basis = answer or periods
    if not basis.ok:
        return trouble_page(visitor, basis)
    trend: Trend | None = trend_of(answer.body) if answer is not None else None
    groups = [(f"/trend{asked.query(group=key)}", title, key == asked.group) for key, title in GROUPS.items()]
    centre = centre_asked(period=asked.until, group=asked.group, region=asked.region)
    values: dict[str, Any] = {"asked": asked, "periods": periods, "trend": trend, "groups": groups, "centre": centre}
    return page(visitor, "trend/region.html", **values)


@router.get(
    "/municipalities/{municipality}/trend.csv",
    dependencies=READ,
    operation_id="download_municipality_trend",
    summary="Динамика муниципалитета (CSV)",
    response_class=Response,
)
async def download_municipality(visitor: Visit, municipality: Named, asked: Wanted) -> Response:
    """The same lines with exact points."""
    return table_response(visitor, await _trend(visitor, asked, municipality, headers=WANTED))


@router.get(
    "/trend.csv",
    dependencies=READ,
    operation_id="download_region_trend",
    summary="Динамика региона (CSV)",
    response_class=Response,
)
async def download_region(visitor: Visit, asked: Wanted) -> Response:
    """The same lines with exact points."""
    return table_response(visitor, await _trend(visitor, asked, None, headers=WANTED))
