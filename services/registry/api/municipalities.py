"""Municipalities over HTTP: list, one, import."""

from typing import Annotated

from fastapi import Depends, Query, Request, Response

from services.registry.api.bodies import MunicipalitiesBody, municipality_rows
from services.registry.api.parts import Correction, Named, On, Uses, begin_after, end_of
from services.registry.api.told import ImportReport, MunicipalityAnswer, MunicipalityPage
from services.registry.api.views import municipality_view
from shared.exactjson import write
from shared.telemetry import current_cause
from shared.web import Cursor, Idempotency, JsonAnswer, Limit, answers, cached, may, page
from shared.web import router as make_router

LISTING = "municipalities"
router = make_router("/v1/municipalities", tag="municipalities")

READ = [Depends(may("municipality.read"))]
IMPORT = [Depends(may("municipality.import"))]
Code = Annotated[str | None, Query(max_length=50, description="код ОКТМО, 8 цифр", examples=["75712000"])]
Region = Annotated[str | None, Query(max_length=3, description="номер региона", examples=["74"])]


@router.get(
    "",
    dependencies=READ,
    responses=answers(MunicipalityPage),
    summary="Муниципалитеты: названия на день, коды, преобразования",
)
async def list_municipalities(  # noqa: PLR0917 - FastAPI calls it by names
    request: Request, uses: Uses, limit: Limit = 50, cursor: Cursor = None,
    on: On = None, oktmo: Code = None, region: Region = None,
) -> Response:  # fmt: skip
    """A page in order of id; `on` leaves out those that did not exist on the day."""
    found = await uses.municipalities(
        on=on, oktmo=oktmo, region=region, after=begin_after(LISTING, cursor), limit=limit + 1
    )
    following = end_of(LISTING, [one.id for one in found], limit)
    day, others = on or uses.today(), await uses.linked(found[:limit])
    return page(request, [municipality_view(one, others, day) for one in found[:limit]], following=following)


@router.get(
    "/{municipality}",
    dependencies=READ,
    responses=answers(MunicipalityAnswer, tagged=True),
    summary="Муниципалитет по идентификатору или коду ОКТМО",
)
async def one_municipality(request: Request, uses: Uses, municipality: Named, on: On = None) -> Response:
    """One municipality with its whole history."""
    found = await uses.municipality(municipality, on=on)
    return cached(request, write(municipality_view(found, await uses.linked([found]), on or uses.today())))


@router.post(
    "/import",
    dependencies=IMPORT,
    responses=answers(ImportReport),
    summary="Загрузить муниципалитеты: все строки или ни одной",
)
async def import_municipalities(
    uses: Uses, body: MunicipalitiesBody, key: Idempotency, *, correction: Correction = False
) -> Response:
    """A line for each row: registered, changed or unchanged; refused as a whole where a row is wrong.

    A row is the whole state. One that changes what is stored names the `revision` that was read (`revision-required`,
    `stale-revision`); one that leaves out a stored name, end or succession (`history-dropped`), or days between two
    names (`gap-in-names`), is refused unless it is a correction.
    """
    report = await uses.import_municipalities(
        municipality_rows(body), cause=current_cause(), repeat=key, correction=correction
    )
    return JsonAnswer(report)
