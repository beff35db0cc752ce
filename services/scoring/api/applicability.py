"""Applicability acts over HTTP: to whom a procedure does not apply in a period, why, and by which act."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.scoring.api.parts import ByPeriod, Uses
from services.scoring.api.publication.bodies import FIRST, LAST
from services.scoring.api.told.applicability import ApplicabilityAnswer, ApplicabilityPage
from services.scoring.usecases import Statement
from shared.web import (
    READABLE,
    ExpectedRevision,
    Idempotency,
    IsoDay,
    JsonAnswer,
    answers,
    composed,
    created,
    may,
    page,
    revision_tag,
)
from shared.web import router as make_router

router = make_router("/v1/applicability", tag="methodologies")
READ = [Depends(may("methodology.read"))]
STATE = [Depends(may("applicability.state"))]
Named = Annotated[str, Path(max_length=60, description="идентификатор акта")]
OfProcedure = Annotated[str | None, Query(max_length=100, description="только этой процедуры")]
Text = Annotated[str, Field(min_length=1, max_length=500, pattern=r"\S"), READABLE]


class ApplicabilityActBody(BaseModel):
    """An act: without its number or date nothing is taken out."""

    model_config = ConfigDict(extra="forbid")
    number: Annotated[
        str,
        StringConstraints(min_length=1, max_length=200, strip_whitespace=True),
        Field(examples=["приказ № 5"]),
        READABLE,
    ]
    date: Annotated[IsoDay, Field(ge=FIRST, le=LAST)]


class ApplicabilityBody(BaseModel):
    """To whom a procedure does not apply in a period, why, and by which act."""

    model_config = ConfigDict(extra="forbid")
    procedure: Annotated[str, Field(min_length=1, max_length=100)]
    period: Annotated[str, Field(min_length=1, max_length=40)]
    municipalities: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=100)]], Field(min_length=1, max_length=5_000)
    ]
    reason: Text
    act: ApplicabilityActBody


class ActWithdrawal(BaseModel):
    """Why an act does not hold any more."""

    model_config = ConfigDict(extra="forbid")
    reason: Text


@router.get(
    "",
    dependencies=READ,
    operation_id="list_applicability",
    responses=answers(ApplicabilityPage),
    summary="Акты о неприменимости процедур",
)
async def list_acts(request: Request, uses: Uses, period: ByPeriod = None, procedure: OfProcedure = None) -> Response:
    """The latest first, those withdrawn too."""
    return page(request, uses.applying.listed(period, procedure), following=None)


@router.get(
    "/{act}",
    dependencies=READ,
    operation_id="read_applicability",
    responses=answers(ApplicabilityAnswer, tagged=True),
    summary="Один акт о неприменимости",
)
async def read_act(uses: Uses, act: Named) -> Response:
    """One act, with its withdrawal where there is one."""
    found = uses.applying.one(act)
    return composed(found, revision=found["revision"])


@router.post(
    "",
    dependencies=STATE,
    status_code=201,
    operation_id="state_applicability",
    responses=answers(ApplicabilityAnswer, 201, tagged=True),
    summary="Записать акт: процедура не применяется к муниципалитетам за период",
)
async def state_act(uses: Uses, body: ApplicabilityBody, key: Idempotency) -> Response:
    """Scores are recounted at once from the stored results; each change is told once."""
    said = Statement(
        body.procedure, body.period, tuple(body.municipalities), body.reason, body.act.number, body.act.date
    )
    act = await uses.applying.state(said, repeat=key)
    return created(dict(act), location=f"/v1/applicability/{act['id']}", revision=act["revision"])


@router.post(
    "/{act}/withdrawal",
    dependencies=STATE,
    operation_id="withdraw_applicability",
    responses=answers(ApplicabilityAnswer, tagged=True),
    summary="Отозвать акт о неприменимости с причиной",
)
async def withdraw_act(uses: Uses, act: Named, body: ActWithdrawal, expected: ExpectedRevision) -> Response:
    """Results, or the edition, say again whether the procedure applies; scores are recounted at once."""
    found = await uses.applying.withdraw(act, expected=expected, reason=body.reason)
    return JsonAnswer(dict(found), headers={"ETag": revision_tag(found["revision"])})
