"""Moves of scales over HTTP: which bests moved in a period, and whose scores changed by it alone."""

from typing import Annotated

from fastapi import Depends, Path, Request, Response

from services.scoring.api.parts import Period, RegionOf, Uses, check_live, region_asked
from services.scoring.api.told.scales import ScaleMoveAnswer, ScaleMovePage
from services.scoring.domain.league import League
from shared.exactjson import write
from shared.policy import Actor
from shared.web import answers, cached, may, page
from shared.web import router as make_router

router = make_router("/v1/scales", tag="scores")
Reader = Annotated[Actor, Depends(may("score.read"))]
Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="номер сдвига шкалы этого периода", examples=[1])]


@router.get(
    "/{period}",
    operation_id="list_scale_moves",
    responses=answers(ScaleMovePage),
    summary="Сдвиги шкалы периода: чьё лучшее значение сменилось",
)
async def list_moves(  # noqa: PLR0917 - FastAPI calls it by names
    request: Request, uses: Uses, actor: Reader, period: Period, region: RegionOf = None
) -> Response:
    """The latest first; an empty list where no best ever moved. It tells of live scores, to whom they are open."""
    league = League(region_asked(uses, actor, region), period)
    check_live(uses, actor, league)
    return page(request, await uses.scales.moves(league), following=None)


@router.get(
    "/{period}/{number}",
    operation_id="read_scale_move",
    responses=answers(ScaleMoveAnswer, tagged=True),
    summary="Чьи баллы изменились от одного сдвига шкалы",
)
async def read_move(  # noqa: PLR0917 - FastAPI calls it by names
    request: Request, uses: Uses, actor: Reader, period: Period, number: Number, region: RegionOf = None
) -> Response:
    """The scores that changed by the move alone, before and after, by group."""
    league = League(region_asked(uses, actor, region), period)
    check_live(uses, actor, league)
    return cached(request, write(await uses.scales.move(league, number)))
