"""Two scores compared over HTTP: the exact terms that make the difference of their shares."""

from typing import Annotated

from fastapi import Depends, Query, Request, Response

from services.scoring.api.parts import AsOf, Named, OfPeriod, Uses, check_live, check_past, whom_of
from services.scoring.api.told.comparisons import ComparisonAnswer
from services.scoring.domain.league import league_of
from services.scoring.usecases import Beside, Side
from shared.exactjson import write
from shared.policy import Actor, actor_may
from shared.web import answers, cached, may
from shared.web import router as make_router
from shared.web.moments import Moment

router = make_router("/v1/scores/{municipality}", tag="scores")
Reader = Annotated[Actor, Depends(may("score.read"))]
With = Annotated[str | None, Query(alias="with", max_length=100, description="другой муниципалитет: id или ОКТМО")]
WithPeriod = Annotated[str | None, Query(max_length=40, description="другой период того же муниципалитета")]
To = Annotated[Moment | None, Query(description="момент, на который смотреть; без него — сейчас")]


@router.get(
    "/compare",
    operation_id="compare_scores",
    responses=answers(ComparisonAnswer, tagged=True),
    summary="Чем отличаются две оценки: точные слагаемые разницы долей",
)
async def compare_scores(  # noqa: PLR0917 - FastAPI calls it by names
    request: Request,
    uses: Uses,
    actor: Reader,
    municipality: Named,
    period: OfPeriod = None,
    beside: With = None,
    with_period: WithPeriod = None,
    as_of: AsOf = None,
    to: To = None,
) -> Response:
    """The score (`a`) less another (`b`), both live; procedures and indicators only for who sees both in detail."""
    whom, asked = whom_of(uses, municipality, period, actor=actor)
    named = None if beside is None else uses.scores.municipality(beside, asked)
    for compared in {league_of(whom, asked), league_of(whom, with_period or asked), league_of(named or whom, asked)}:
        check_live(uses, actor, compared)
    check_past(uses, as_of=as_of, to=to)
    own = Side(whom, asked, to)
    other = Beside(named, with_period, as_of, to).side(own)
    detailed = all(actor_may(actor, "score.explain", {"municipality": one.municipality}) for one in (own, other))
    return cached(request, write(await uses.comparing.compare(own, other, detailed=detailed)))
