"""The door of editions: listed, drafted, frozen, published, withdrawn, reproduced."""

from typing import Annotated, Literal

from fastapi import Depends, Query, Request, Response

from services.scoring.api.parts import ByPeriod, RegionOf, Uses, region_asked
from services.scoring.api.publication.asking import (
    Drafter,
    EditionId,
    EditionReader,
    Freezer,
    Ministry,
    ThisOne,
    by,
    changed,
)
from services.scoring.api.publication.bodies import DraftBody, PublishBody, WithdrawBody
from services.scoring.api.told.publication import (
    ChangesAnswer,
    EditionAnswer,
    EditionPage,
    EditionState,
    ReproductionAnswer,
)
from shared.policy import sees_accounts
from shared.web import (
    Cursor,
    Idempotency,
    JsonAnswer,
    Limit,
    answers,
    composed,
    created,
    may,
    page,
    read_cursor,
    shown,
    write_cursor,
)
from shared.web import router as make_router

LISTING = "editions"
router = make_router("/v1/editions", tag="editions")
State = Literal["draft", "frozen", "published", "superseded", "withdrawn"]
EDITION = answers(EditionState, tagged=True)


@router.get("", operation_id="list_editions", responses=answers(EditionPage), summary="Редакции рейтингов")
async def list_editions(
    request: Request,
    uses: Uses,
    actor: EditionReader,
    *,
    period: ByPeriod = None,
    state: Annotated[State | None, Query(description="состояние")] = None,
    region: RegionOf = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Of one region, the latest first; those not published only for the ministry, the operator and municipalities."""
    wanted = {name: value for name, value in (("period", period), ("state", state)) if value is not None}
    place = read_cursor(LISTING, cursor, str, int)
    items, following = await uses.publication.looking.page(
        actor, wanted, region=region_asked(uses, actor, region), place=place, limit=limit
    )
    return page(request, items, following=write_cursor(LISTING, following) if following else None)


@router.post(
    "",
    operation_id="draft_edition",
    status_code=201,
    responses=answers(EditionState, 201, tagged=True),
    summary="Направить проект рейтинга муниципалитетам",
)
async def draft_edition(uses: Uses, actor: Drafter, body: DraftBody, *, key: Idempotency) -> Response:
    """The rating of a region as it stands now, all groups and procedures; one edition of a period is under way."""
    plan = body.plan(region_asked(uses, actor, body.region))
    answer = await uses.publication.acting.draft(plan, by(actor, key))
    item = answer["item"]
    return created(item, location=f"/v1/editions/{item['id']}", revision=item["revision"])


@router.get(
    "/{edition}",
    operation_id="read_edition",
    responses=answers(EditionAnswer, tagged=True),
    summary="Редакция рейтинга: состояние, путь, акт, файлы",
)
async def read_edition(request: Request, uses: Uses, edition: EditionId, actor: EditionReader) -> Response:
    """One edition; published ones are for everybody."""
    item = await uses.publication.looking.one(edition, actor)
    if sees_accounts(actor):
        # The ETag names the revision alone: a browser that was somebody else's just now has other bytes of it.
        return composed(item, revision=item["revision"])
    return shown(request, item, revision=item["revision"])


@router.get(
    "/{edition}/changes",
    operation_id="read_edition_changes",
    responses=answers(ChangesAnswer),
    summary="Чьи оценки фиксация изменит по сравнению с проектом без принятого возражения",
)
async def read_changes(uses: Uses, edition: EditionId, actor: Drafter) -> Response:
    """Computed as a freeze would now; 409 where the edition is no draft, or another methodology is in force."""
    return JsonAnswer(await uses.publication.previewing.changes(edition, actor))


@router.post(
    "/{edition}/freeze",
    operation_id="freeze_edition",
    responses=EDITION,
    summary="Зафиксировать содержание редакции",
)
async def freeze_edition(uses: Uses, meant: ThisOne, actor: Freezer) -> Response:
    """After the last day of reply, with every objection settled: the instant and the content are fixed."""
    return changed(await uses.publication.acting.freeze(meant.named, meant.by(actor)))


@router.post(
    "/{edition}/publish",
    operation_id="publish_edition",
    responses=EDITION,
    summary="Опубликовать редакцию по акту",
)
async def publish_edition(uses: Uses, meant: ThisOne, actor: Ministry, body: PublishBody) -> Response:
    """Makes and signs the files; the edition published before is superseded and stays readable."""
    return changed(await uses.publication.acting.publish(meant.named, body.read(), meant.by(actor)))


@router.post(
    "/{edition}/withdraw",
    operation_id="withdraw_edition",
    responses=EDITION,
    summary="Отозвать редакцию, которая ещё не опубликована",
)
async def withdraw_edition(uses: Uses, meant: ThisOne, actor: Drafter, body: WithdrawBody) -> Response:
    """With the reason; a published edition is not withdrawn but superseded."""
    return changed(await uses.publication.acting.withdraw(meant.named, body.reason, meant.by(actor)))


@router.post(
    "/{edition}/reproduce",
    dependencies=[Depends(may("operations.read"))],
    operation_id="reproduce_edition",
    responses=answers(ReproductionAnswer),
    summary="Пересчитать содержание редакции из её результатов и сравнить побайтно",
)
async def reproduce_edition(uses: Uses, edition: EditionId) -> Response:
    """Equal, or every place that differs."""
    return JsonAnswer(await uses.publication.reproducing.reproduce(edition))
