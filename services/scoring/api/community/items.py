"""Items of the expert community over HTTP: put under an own id, listed with their past, withdrawn."""

from typing import Annotated

from fastapi import Body, Depends, Path, Query, Request, Response

from services.scoring.api.community.bodies import FIRST_YEAR, LAST_YEAR, ItemBody, WithdrawalBody, told_of
from services.scoring.api.parts import Uses
from services.scoring.api.told.community import ItemAnswer, ItemPage
from services.scoring.domain.community import Report, Withdrawal
from services.scoring.usecases import Scoring
from shared.policy import Actor, actor_may, decide
from shared.web import (
    Condition,
    Cursor,
    ExpectedRevision,
    JsonAnswer,
    Limit,
    answers,
    composed,
    created,
    may,
    page,
    read_cursor,
    revision_tag,
    write_cursor,
)
from shared.web import router as make_router

SMALL = 16 * 1024
LISTING = "community-items"
router = make_router("/v1/expert-community/{municipality}/items", tag="expert-community")
Reader = Annotated[Actor, Depends(may("community.read"))]
Reporter = Annotated[Actor, Depends(may("community.report"))]
Whose = Annotated[str, Path(max_length=100, description="идентификатор или код ОКТМО, действовавший в этом году")]
Bearer = Annotated[str, Path(max_length=100, description="идентификатор или код ОКТМО; чей он был, решает год записи")]
ItemId = Annotated[
    str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$", description="собственный идентификатор записи")
]
Year = Annotated[int, Query(ge=FIRST_YEAR, le=LAST_YEAR, description="год", examples=[2022])]


async def _bearer(uses: Scoring, actor: Actor, action: str, municipality: str, *, item: str) -> str:
    """Whose item is named, where the actor may do this with it: the item's own year says what a code meant."""
    whom = await uses.community.bearer(
        municipality, item, may=lambda one: actor_may(actor, action, {"municipality": one})
    )
    decide(actor, action, {"municipality": whom})
    return whom


def _account(actor: Actor) -> str:
    return f"{actor.role}:{actor.subject}"


@router.put(
    "/{item}",
    operation_id="put_community_item",
    max_body_size=SMALL,
    responses=answers(ItemAnswer, 200, 201, words="Запись внесена впервые", tagged=True),
    summary="Внести или исправить запись экспертного сообщества",
)
async def put_item(
    uses: Uses,
    actor: Reporter,
    municipality: Whose,
    item: ItemId,
    *,
    body: Annotated[ItemBody, Body()],
    expected: Condition,
) -> Response:
    """The same content changes nothing; other content is a correction: `If-Match` and `reason`."""
    whom = uses.community.municipality(municipality, body.year)
    decide(actor, "community.report", {"municipality": whom})
    report = Report(told=told_of(body), by=_account(actor), now=uses.clock(), expected=expected, reason=body.reason)
    outcome, found = await uses.community.put(whom, item, report)
    if outcome == "created":
        return created(found, location=f"/v1/expert-community/{whom}/items/{item}", revision=found["revision"])
    return JsonAnswer(found, headers={"ETag": revision_tag(found["revision"])})


@router.post(
    "/{item}/withdrawal",
    operation_id="withdraw_community_item",
    max_body_size=SMALL,
    responses=answers(ItemAnswer, tagged=True),
    summary="Отозвать запись с причиной",
)
async def withdraw_item(
    uses: Uses, actor: Reporter, municipality: Bearer, item: ItemId, *, body: WithdrawalBody, expected: ExpectedRevision
) -> Response:
    """It counts no more and stays readable; withdrawing it again changes nothing."""
    whom = await _bearer(uses, actor, "community.report", municipality, item=item)
    given = Withdrawal(_account(actor), uses.clock(), expected, body.reason)
    found = await uses.community.withdraw(whom, item, given)
    return JsonAnswer(found, headers={"ETag": revision_tag(found["revision"])})


@router.get(
    "", operation_id="list_community_items", responses=answers(ItemPage), summary="Записи года, отозванные тоже"
)
async def list_items(
    request: Request,
    uses: Uses,
    actor: Reader,
    municipality: Whose,
    *,
    year: Year,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """By their ids, each with its past revisions."""
    whom = uses.community.municipality(municipality, year)
    decide(actor, "community.read", {"municipality": whom})
    place = read_cursor(LISTING, cursor, str)
    found, following = await uses.community.items(whom, year, after=place, limit=limit)
    return page(request, found, following=write_cursor(LISTING, following) if following else None)


@router.get(
    "/{item}", operation_id="read_community_item", responses=answers(ItemAnswer, tagged=True), summary="Одна запись"
)
async def read_item(uses: Uses, actor: Reader, municipality: Bearer, *, item: ItemId) -> Response:
    """The present revision and those before it."""
    whom = await _bearer(uses, actor, "community.read", municipality, item=item)
    found = await uses.community.item(whom, item)
    return composed(found, revision=found["revision"])
