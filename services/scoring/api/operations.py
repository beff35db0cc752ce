"""Operators' doors of scoring: do the scores follow from the facts, and make them so."""

from dataclasses import asdict

from fastapi import Depends, Request, Response

from services.scoring.api.parts import Uses
from services.scoring.api.told.recounts import DifferencePage, RebuiltAnswer
from shared.web import JsonAnswer, answers, may, page
from shared.web import router as make_router

router = make_router("/v1/operations", tag="operations")


@router.post(
    "/verify",
    dependencies=[Depends(may("operations.read"))],
    operation_id="verify_scores",
    responses=answers(DifferencePage),
    summary="Сверить все баллы с пересчётом из результатов",
)
async def verify(request: Request, uses: Uses) -> Response:
    """The differences; an empty list when there are none."""
    found, names = await uses.recounts.verify(), uses.state.names
    named = [{**asdict(one), "municipality": names.of(one.municipality, one.period)} for one in found]
    nobodys = [one if one["municipality"]["id"] else one | {"municipality": None} for one in named]
    return page(request, nobodys, following=None)


@router.post(
    "/rebuild",
    dependencies=[Depends(may("operations.act"))],
    operation_id="rebuild_scores",
    responses=answers(RebuiltAnswer),
    summary="Пересчитать все баллы из результатов",
)
async def rebuild(uses: Uses) -> Response:
    """How many cards were recounted and how many of them changed."""
    return JsonAnswer(asdict(await uses.recounts.rebuild()))
