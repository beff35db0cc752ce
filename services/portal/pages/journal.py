"""The operators' page of a service's journal: who changed what is stored in place, newest first."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query, Response

from services.portal.clients import TITLES
from services.portal.page import Visit, page
from services.portal.pages.operations import Name
from services.portal.show import journal as show
from shared.policy import Actor
from shared.web import may
from shared.web import router as make_router

router = make_router(tag="operations")
Reader = Annotated[Actor, Depends(may("operations.read"))]
Register = Annotated[str, Query(max_length=100)]
Key = Annotated[str, Query(max_length=200)]
Text = Annotated[str, Query(max_length=1100)]


@router.get(
    "/operations/{service}/journal",
    operation_id="journal_page",
    summary="Журнал изменений",
    response_class=Response,
)
async def journal_page(  # noqa: PLR0917 - FastAPI calls it by names
    visitor: Visit, _: Reader, service: Name, of: Register = "", key: Key = "", cursor: Text = ""
) -> Response:
    """Who changed a register, or one thing in it, when, and what it was before."""
    filters = {name: told.strip() for name, told in (("of", of), ("key", key)) if told.strip()}
    asked = filters | ({"cursor": cursor} if cursor else {})
    answer = await visitor.get(service, "/v1/operations/journal", params=asked)
    following = answer.body.get("next") if answer.ok else None
    here = f"/operations/{service}/journal"
    return page(
        visitor,
        "operations/journal.html",
        status=answer.page_status,
        headers={"Cache-Control": "no-store"},
        here=here,
        service=service,
        title=TITLES[service],
        answer=answer,
        lines=list(zip(answer.items, show.became(answer.items), strict=True)),
        of=of,
        key=key,
        registers=[("", "Все"), *show.registers(service).items()],
        show=show,
        begun=bool(cursor),
        older=f"{here}?{urlencode({**filters, 'cursor': following})}" if following else None,
    )
