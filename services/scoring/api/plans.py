"""The way to the next level or rank over HTTP: the cheapest steps, and the score after them."""

from typing import Annotated

from fastapi import Depends, Query, Request, Response

from services.scoring.api.parts import Named, OfPeriod, Uses, whom_of
from services.scoring.api.told.plans import PlanAnswer
from services.scoring.usecases.planning import Target
from shared.exactjson import write
from shared.policy import Actor, decide
from shared.web import answers, cached, may
from shared.web import router as make_router

router = make_router("/v1/scores/{municipality}", tag="scores")
Planner = Annotated[Actor, Depends(may("score.what-if"))]
Group = Annotated[str, Query(max_length=100, description="overall, conditions, results или processes")]
Wanted = Annotated[Target, Query(description="до следующего уровня (level) или до следующего места (rank)")]


@router.get(
    "/next-level",
    operation_id="plan_next_level",
    responses=answers(PlanAnswer, tagged=True),
    summary="Наименьший набор шагов до следующего уровня или места",
)
async def plan_next_level(  # noqa: PLR0917 - FastAPI calls it by names
    request: Request,
    uses: Uses,
    actor: Planner,
    municipality: Named,
    period: OfPeriod = None,
    group: Group = "overall",
    target: Wanted = "level",
) -> Response:
    """Fewest indicators, then fewest points, then the edition's order; where it is out of reach, the most there is.

    Chosen among steps to whole points, to a step of a rule or as far as can be reported; of this `proven` speaks, and
    `reachable` of indicators that are not in `left_out`.
    """
    whom, asked = whom_of(uses, municipality, period)
    decide(actor, "score.what-if", {"municipality": whom})
    return cached(request, write(await uses.planning.next_level(whom, asked, group=group, target=target)))
