"""The files of an edition, as scoring keeps them or makes them of a draft."""

from typing import Annotated

from fastapi import Depends, Path, Response

from services.portal.clients.paths import path
from services.portal.page import Visit, trouble_page
from services.portal.pages.editions.one import EditionId
from services.portal.show.editions import address_of
from shared.web import may
from shared.web import router as make_router

router = make_router(tag="editions")
# A draft's papers are made when they are asked for, in a process of its own.
PATIENCE = 60.0
KEPT = ("content-disposition", "etag")


@router.get(
    "/editions/{edition}/files/{name}",
    dependencies=[Depends(may("edition.read"))],
    operation_id="download_edition_file",
    summary="Файл редакции",
    response_class=Response,
)
async def download(visitor: Visit, edition: EditionId, name: Annotated[str, Path(max_length=120)]) -> Response:
    """The very bytes of scoring, which the manifest names."""
    part, params = address_of(name)
    found = await visitor.get("scoring", path("v1", "editions", edition, part), params=params, patience=PATIENCE)
    if not found.ok:
        return trouble_page(visitor, found)
    headers = {key: found.headers[key] for key in KEPT if key in found.headers}
    return Response(
        found.raw,
        headers={"Content-Type": found.headers["content-type"], "Cache-Control": "private, no-cache", **headers},
    )
