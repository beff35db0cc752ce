"""One municipality's score over HTTP: by group and procedure, explained, over the years."""

from typing import Annotated, Any

from fastapi import Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.scoring.api.papers import explanation_paper
from services.scoring.api.parts import (
    AsOf,
    Named,
    OfPeriod,
    Uses,
    check_live,
    check_past,
    instead_of_live,
    sees_live,
    whom_of,
)
from services.scoring.api.told.explanations import ExplanationAnswer
from services.scoring.api.told.scores import HistoryPage, ScoreAnswer, WhatIfAnswer
from services.scoring.domain.explain import wordless
from services.scoring.domain.league import league_of
from shared.exactjson import write
from shared.papers import exactly, typeset
from shared.policy import Actor, actor_may, decide
from shared.web import JsonAnswer, answers, cached, may, page
from shared.web import router as make_router
from shared.web.accept import prefers
from shared.web.answers import etag_of, matches

PDF = "application/pdf"
router = make_router("/v1/scores/{municipality}", tag="scores")
Reader = Annotated[Actor, Depends(may("score.read"))]
Explained = Annotated[Actor, Depends(may("score.explain"))]
Supposer = Annotated[Actor, Depends(may("score.what-if"))]


@router.get(
    "",
    operation_id="read_score",
    responses=answers(ScoreAnswer, tagged=True),
    summary="Баллы муниципалитета по группам и процедурам",
)
async def read_score(  # noqa: PLR0917 - FastAPI calls it by names
    request: Request, uses: Uses, actor: Reader, municipality: Named, period: OfPeriod = None, as_of: AsOf = None
) -> Response:
    """The score as it stands or stood; procedures only for those who may see them in detail.

    Who may not see live ratings is shown it as it was published, or where its rating is open to everybody.
    """
    whom, asked = whom_of(uses, municipality, period, actor=actor)
    if as_of is not None:
        check_live(uses, actor, league_of(whom, asked))
    elif (edition := instead_of_live(uses, actor, league_of(whom, asked))) is not None:
        return cached(request, write(await uses.publication.published.score(edition, whom)))
    check_past(uses, as_of=as_of)
    found: dict[str, Any] = await uses.scores.score(whom, asked, as_of=as_of)
    if not actor_may(actor, "score.explain", {"municipality": whom}):
        del found["procedures"]
    elif not _reads_results(actor, whom):
        found["procedures"] = {key: wordless(one) for key, one in found["procedures"].items()}
    return cached(request, write(found))


@router.get(
    "/explain",
    operation_id="explain_score",
    responses=answers(ExplanationAnswer, also={PDF: {"schema": {"type": "string", "format": "binary"}}}, tagged=True),
    summary="Из чего сложились баллы: до значений и источников; JSON или PDF (Accept)",
)
async def explain_score(  # noqa: PLR0917 - FastAPI calls it by names
    request: Request, uses: Uses, actor: Explained, municipality: Named, period: OfPeriod = None, as_of: AsOf = None
) -> Response:
    """The chain overall, group, procedure, indicator, value, rule, points, with each result's revision and source.

    What was typed with results (reasons, documents) only for who may read these.
    """
    whom, asked = whom_of(uses, municipality, period)
    decide(actor, "score.explain", {"municipality": whom})
    check_past(uses, as_of=as_of)
    found = await uses.scores.explain(whom, asked, as_of=as_of)
    if not _reads_results(actor, whom):
        for group in found["overall"]["groups"]:
            group["procedures"] = [wordless(one) for one in group["procedures"]]
    if not prefers(request, PDF):
        return cached(request, write(found))
    named = {"Content-Disposition": f'inline; filename="explain-{whom}-{asked}.pdf"'}
    paper = explanation_paper(found)
    etag = etag_of(exactly(paper))
    known = matches(request.headers.get("if-none-match"), etag)
    return cached(request, b"" if known else await typeset(paper), etag=etag, media_type=PDF, headers=named)


def _reads_results(actor: Actor, municipality: str) -> bool:
    """Whether this reader may read a municipality's results, with what whoever sent them typed."""
    return actor_may(actor, "result.read", {"municipality": municipality})


@router.get(
    "/history",
    operation_id="read_score_history",
    responses=answers(HistoryPage),
    summary="Баллы муниципалитета по годам",
)
async def read_history(request: Request, uses: Uses, actor: Reader, municipality: Named) -> Response:
    """All periods with scores, oldest first; who may not see live ratings gets what is open or was published."""
    whom, _period = whom_of(uses, municipality, None)
    lines = await uses.scores.history(whom)
    if not sees_live(actor):
        lines = await uses.publication.published.history(whom, lines)
    return page(request, lines, following=None)


class WhatIfBody(BaseModel):
    """Hypothetical values: procedure, indicator, a number or a decimal string; null is no data."""

    model_config = ConfigDict(extra="forbid")
    period: str = Field(max_length=40)
    values: dict[str, Annotated[dict[str, Any], Field(max_length=200)]] = Field(
        max_length=100,
        json_schema_extra={
            "additionalProperties": {
                "type": "object",
                "additionalProperties": {"type": ["number", "string", "null"]},
                "maxProperties": 200,
            }
        },
    )


@router.post(
    "/what-if",
    operation_id="suppose_score",
    responses=answers(WhatIfAnswer),
    summary="Какими были бы баллы при других значениях показателей",
)
async def suppose_score(uses: Uses, actor: Supposer, municipality: Named, body: WhatIfBody) -> Response:
    """Points, percent, level and rank before and after; indicators not named keep their values; nothing is stored."""
    whom, period = whom_of(uses, municipality, body.period)
    decide(actor, "score.what-if", {"municipality": whom})
    return JsonAnswer(await uses.scores.what_if(whom, period, body.values))
