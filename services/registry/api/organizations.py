"""Organisations over HTTP: list, one, import."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request, Response

from services.registry.api.bodies import OrganizationsBody, organization_rows
from services.registry.api.parts import Correction, Uses, begin_after, end_of
from services.registry.api.told import ImportReport, OrganizationAnswer, OrganizationPage
from services.registry.api.views import organization_view
from services.registry.events import OrganizationKind
from shared.exactjson import write
from shared.telemetry import current_cause
from shared.web import Cursor, Idempotency, JsonAnswer, Limit, answers, cached, may, page
from shared.web import router as make_router

LISTING = "organizations"
router = make_router("/v1/organizations", tag="organizations")

READ = [Depends(may("organization.read"))]
IMPORT = [Depends(may("organization.import"))]
Owner = Annotated[str | None, Query(max_length=100, description="идентификатор или код ОКТМО муниципалитета")]
Kind = Annotated[OrganizationKind | None, Query(description="вид: school, kindergarten, other")]


@router.get(
    "", dependencies=READ, responses=answers(OrganizationPage), summary="Организации: школы, детские сады и другие"
)
async def list_organizations(  # noqa: PLR0917 - FastAPI calls it by names
    request: Request, uses: Uses, limit: Limit = 50, cursor: Cursor = None,
    municipality: Owner = None, kind: Kind = None,
) -> Response:  # fmt: skip
    """A page in order of id."""
    found = await uses.organizations(
        municipality=municipality, kind=kind, after=begin_after(LISTING, cursor), limit=limit + 1
    )
    following = end_of(LISTING, [one.id for one in found], limit)
    owners, today = await uses.owners(found[:limit]), uses.today()
    return page(request, [organization_view(one, owners, today) for one in found[:limit]], following=following)


@router.get(
    "/{organization}",
    dependencies=READ,
    responses=answers(OrganizationAnswer, tagged=True),
    summary="Организация по идентификатору",
)
async def one_organization(
    request: Request, uses: Uses, organization: Annotated[str, Path(max_length=100)]
) -> Response:
    """One organisation."""
    found = await uses.organization(organization)
    return cached(request, write(organization_view(found, await uses.owners([found]), uses.today())))


@router.post(
    "/import",
    dependencies=IMPORT,
    responses=answers(ImportReport),
    summary="Загрузить организации: все строки или ни одной",
)
async def import_organizations(
    uses: Uses, body: OrganizationsBody, key: Idempotency, *, correction: Correction = False
) -> Response:
    """A line for each row: registered, changed or unchanged; refused as a whole where a row is wrong.

    A row that changes what is stored names the `revision` that was read (`revision-required`, `stale-revision`). One
    that does not name a stored `valid_to` is refused (`history-dropped`) unless it is a correction.
    """
    report = await uses.import_organizations(
        organization_rows(body), cause=current_cause(), repeat=key, correction=correction
    )
    return JsonAnswer(report)
