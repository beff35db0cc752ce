"""Operators' doors of scoring: do the scores follow from the facts, and make them so."""

from dataclasses import asdict
from typing import Any

from fastapi import Depends

from services.scoring.api.parts import Uses
from shared.web import may
from shared.web import router as make_router

router = make_router("/v1/operations", tag="operations")


@router.post(
    "/verify",
    dependencies=[Depends(may("operations.read"))],
    operation_id="verify_scores",
    summary="Сверить все баллы с пересчётом из результатов",
)
async def verify(uses: Uses) -> dict[str, Any]:
    """The differences; an empty list when there are none."""
    return {"items": [asdict(one) for one in await uses.recounts.verify()], "next": None}


@router.post(
    "/rebuild",
    dependencies=[Depends(may("operations.act"))],
    operation_id="rebuild_scores",
    summary="Пересчитать все баллы из результатов",
)
async def rebuild(uses: Uses) -> dict[str, int]:
    """How many cards were recounted and how many of them changed."""
    return asdict(await uses.recounts.rebuild())
