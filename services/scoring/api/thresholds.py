"""Threshold sets of the school lists over HTTP: put as YAML or JSON, listed, shown."""

from typing import Annotated

from fastapi import Depends, Path, Request, Response

from services.scoring.api.documents import BODY, document_of
from services.scoring.api.parts import Uses
from services.scoring.api.told.schools import ThresholdsDocument, ThresholdsPage, ThresholdsPut
from services.scoring.domain.schools import thresholds_from_yaml
from shared.telemetry import current_cause
from shared.web import Condition, JsonAnswer, answers, created, may, page, revision_tag, shown
from shared.web import router as make_router

router = make_router("/v1/school-thresholds", tag="schools")
READ = [Depends(may("thresholds.read"))]
PUT = [Depends(may("thresholds.put"))]
Named = Annotated[str, Path(max_length=100, description="идентификатор набора", examples=["schools-2020"])]


@router.get(
    "",
    dependencies=READ,
    operation_id="list_school_thresholds",
    responses=answers(ThresholdsPage),
    summary="Наборы порогов для списков школ",
)
async def list_thresholds(request: Request, uses: Uses) -> Response:
    """All sets, the newest first; `assumed` where no document publishes the thresholds."""
    items = [
        {"id": one.id, "title": one.title, "assumed": one.assumed, "in_force": {"from": one.first, "to": one.last}}
        for one in await uses.schools.thresholds.listed()
    ]
    return page(request, items, following=None)


@router.get(
    "/{thresholds}",
    dependencies=READ,
    operation_id="read_school_thresholds",
    responses=answers(ThresholdsDocument, tagged=True),
    summary="Набор порогов целиком",
)
async def read_one(request: Request, uses: Uses, thresholds: Named) -> Response:
    """The set's document as it was put."""
    found, revision = await uses.schools.thresholds.document(thresholds)
    return shown(request, found, revision=revision)


@router.put(
    "/{thresholds}",
    dependencies=PUT,
    operation_id="put_school_thresholds",
    openapi_extra=BODY,
    responses=answers(ThresholdsPut, 200, 201, words="Набор загружен впервые", tagged=True),
    summary="Загрузить набор порогов (YAML или JSON); применённый править нельзя",
)
async def put_one(request: Request, uses: Uses, thresholds: Named, *, expected: Condition) -> Response:
    """Created, replaced (nobody was judged by it) or unchanged; all schools are judged by it within half a minute.

    Replacing takes the ETag that was read in `If-Match`; `If-None-Match: *` only creates.
    """
    document = await document_of(request, thresholds_from_yaml)
    outcome, revision = await uses.schools.thresholds.put(
        thresholds, document, cause=current_cause(), expected=expected
    )
    content = {"id": thresholds, "status": outcome}
    if outcome == "created":
        return created(content, location=f"/v1/school-thresholds/{thresholds}", revision=revision)
    return JsonAnswer(content, headers={"ETag": revision_tag(revision)})
