"""An explained score as a page to read and print: everything open, nothing behind a click."""

from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import Depends, Path, Query, Response

from services.portal.clients.paths import path as path_of
from services.portal.page import Visit, page, trouble_page
from services.portal.show.municipality import submitter
from shared.kernel import NotFound
from shared.policy import Actor
from shared.web import may
from shared.web import router as make_router

router = make_router(tag="pages")
Explained = Annotated[Actor, Depends(may("score.explain"))]
Named = Annotated[str, Path(max_length=100, description="идентификатор или код ОКТМО")]
Text = Annotated[str, Query(max_length=100)]


@router.get(
    "/municipalities/{municipality}/explain",
    operation_id="explanation_page",
    summary="Из чего сложилась оценка, для чтения и печати",
    response_class=Response,
)
async def explanation_page(
    visitor: Visit, _: Explained, municipality: Named, *, period: Text = "", as_of: Text = ""
) -> Response:
    """From the overall score down to the values, their rules, results and submitters; `as_of` as scoring takes it."""
    params = {name: told for name, told in (("period", period), ("as_of", as_of)) if told}
    found = await visitor.get("scoring", path_of("v1", "scores", municipality, "explain"), params=params)
    if found.missing and found.problem:
        raise NotFound(found.problem.code, found.problem.title, found.problem.detail)
    if not found.ok:
        return trouble_page(visitor, found)
    # Of a period in which nothing was ever written scoring's answer is of the beginning of time.
    begun = datetime.fromisoformat(found.body["as_of"]).timestamp() > 0
    by = partial(submitter, region=visitor.portal.region)
    return page(visitor, "municipality/explanation.html", told=found.body, as_of=as_of, begun=begun, submitter=by)
