"""Trends over HTTP: JSON or CSV; a year is open to whom its rating is open."""

from typing import Annotated, Literal

from fastapi import Depends, Query, Request, Response

from services.scoring.api.parts import LIVE, RegionOf, Uses, region_asked, sees_live
from services.scoring.api.ratings import CSV
from services.scoring.api.told.trends import TrendAnswer
from services.scoring.api.trend_lines import trend_csv
from services.scoring.domain.trends import FEWEST, MOST
from services.scoring.usecases.trends import Asked
from shared.exactjson import write
from shared.kernel import Refused
from shared.policy import Actor, decide
from shared.web import answers, cached, may
from shared.web import router as make_router
from shared.web.accept import prefers

router = make_router("/v1/trends", tag="trends")
Reader = Annotated[Actor, Depends(may("rating.read"))]
Whose = Annotated[str | None, Query(max_length=100, description="муниципалитет: id или код ОКТМО; без него — все")]
Group = Annotated[str | None, Query(max_length=100, description="overall или ключ группы")]
Procedure = Annotated[str | None, Query(max_length=100, description="ключ процедуры")]
By = Annotated[
    Literal["group", "procedure"], Query(description="чем разложить, если не назвать ни группы, ни процедуры")
]
Until = Annotated[
    str | None, Query(max_length=40, description="последний период; без него — последний с баллами из доступных вам")
]
Years = Annotated[int, Query(ge=FEWEST, le=MOST, description="сколько лет")]
Territory = Annotated[
    Literal["as_was", "as_is"],
    Query(description="as_was — территории, какими были; as_is — нынешние, их прошлое — по преемственности"),
]


@router.get(
    "",
    operation_id="read_trend",
    responses=answers(TrendAnswer, also={CSV: {"schema": {"type": "string"}}}, tagged=True),
    summary="Динамика за несколько лет: JSON или CSV (Accept)",
)
async def read_trend(  # noqa: PLR0917 - FastAPI calls it by names
    request: Request,
    uses: Uses,
    actor: Reader,
    municipality: Whose = None,
    group: Group = None,
    procedure: Procedure = None,
    by: By = "group",
    until: Until = None,
    years: Years = 3,
    territory: Territory = "as_was",
    region: RegionOf = None,
) -> Response:
    """Lines and breaks of a municipality, or of all of a region.

    Whoever may not see live ratings gets what was published, without years that were not.
    """
    if group is not None and procedure is not None:
        raise Refused("group-and-procedure", "Запрос не понят", "Назовите группу или процедуру, а не обе сразу.")
    live = sees_live(actor)
    within = region_asked(uses, actor, region)
    if municipality is not None:
        within = uses.trends.region_of(municipality)
    found = uses.trends.window(until, years, region=within, live=live)
    withheld, published = ((), {}) if live else await uses.trends.open_to_all(found, within)
    if found.until in withheld:
        decide(actor, LIVE, {})
    asked = Asked(found, within, territory, municipality, group or procedure, by, withheld, published)
    trend = uses.trends.trend(asked)
    if prefers(request, CSV):
        # None, where no edition of these years has anything to make a series of.
        own = [] if municipality is None else trend["series"][:1]
        whose = "".join(f"{one['municipality']['id']}-" for one in own)
        told = {"Content-Disposition": f'attachment; filename="trend-{whose}{found.until}-{territory}.csv"'}
        return cached(request, trend_csv(trend), media_type=CSV, headers=told)
    return cached(request, write(trend))
