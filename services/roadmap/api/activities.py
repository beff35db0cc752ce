"""The door of activities: how they stand on a day, evidence, the answer that one takes no part."""

from datetime import date
from typing import Annotated, Literal

from fastapi import Query, Request, Response
from pydantic import BeforeValidator

from services.roadmap.api.asking import (
    ActivityId,
    ActivityReader,
    Decliner,
    EvidenceNumber,
    On,
    Reporter,
    Uses,
    Whose,
    Withdrawer,
    answer_of,
    day_or_none,
)
from services.roadmap.api.bodies import DeclineBody, EvidenceBody, WithdrawBody
from services.roadmap.api.told import ActivityAnswer, ActivityPage
from services.roadmap.domain import Declined, Evidence, Withdrawn
from services.roadmap.usecases import Asked, Given, account
from shared.calendar import day_of
from shared.web import (
    Cursor,
    ExpectedRevision,
    Idempotency,
    Limit,
    answers,
    composed,
    page,
    read_cursor,
    router,
    write_cursor,
)

LISTING = "activities"
activities = router("/v1/activities", tag="Мероприятия")
Before = Annotated[
    date | None,
    BeforeValidator(day_or_none),
    Query(description="ближайший неисполненный срок не позже этого дня", examples=["2022-12-31"]),
]
State = Literal["planned", "awaiting_schedule", "open", "done", "done_late", "overdue", "declined", "cancelled"]


@activities.get("", operation_id="list_activities", responses=answers(ActivityPage))
async def list_activities(
    request: Request,
    actor: ActivityReader,
    uses: Uses,
    *,
    municipality: Whose = None,
    on: On = None,
    due_before: Before = None,
    roadmap: Annotated[str | None, Query(min_length=1, max_length=100)] = None,
    state: Annotated[State | None, Query(description="состояние на этот день")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Мероприятия на день `on`, ближайшие сроки первыми; `due_before` — что должно быть сделано к этому дню.

    К муниципалитету не относятся сроки карты региона, прошедшие до его первого дня или начинающиеся после последнего,
    а с его упразднения — и те, что не наступили.
    """
    asked = Asked(municipality=municipality, on=on, due_before=due_before, roadmap=roadmap, state=state)
    place = read_cursor(LISTING, cursor, str, str, int, str)
    items, following = await uses.executing.page(asked, actor=actor, place=place, limit=limit)
    return page(request, items, following=write_cursor(LISTING, following) if following else None)


@activities.get("/{activity}", operation_id="read_activity", responses=answers(ActivityAnswer, tagged=True))
async def read_activity(
    activity: ActivityId, actor: ActivityReader, uses: Uses, *, municipality: Whose = None, on: On = None
) -> Response:
    """Одно мероприятие; ETag нужен для If-Match. Состояние меняет и календарь, поэтому 304 здесь не бывает.

    Не относится к названному муниципалитету, и сведений от него нет — 404 `activity-not-found`.
    """
    item, revision = await uses.executing.one(activity, municipality=municipality, on=on, actor=actor)
    return composed(item, revision=revision)


@activities.post(
    "/{activity}/evidence",
    operation_id="report_activity",
    status_code=201,
    responses=answers(ActivityAnswer, 201, tagged=True),
)
async def report_activity(
    activity: ActivityId,
    body: EvidenceBody,
    actor: Reporter,
    uses: Uses,
    *,
    expected: ExpectedRevision,
    key: Idempotency,
) -> Response:
    """Подтвердить исполнение: что сделано, когда, где это видно.

    Без `window` — за первое неисполненное окно из начавшихся к дню исполнения; если исполнены все, подтверждение
    остаётся за последним из них, а если ни одно не началось — за первым. Исполнение раньше начала другого окна относят
    к нему, назвав `window`. Отказ, действующий с этого дня или раньше, со дня исполнения не действует.
    """
    given = Given(activity, body.municipality, expected)
    answer = await uses.executing.report(
        given,
        lambda now: Evidence(
            window=body.window,
            text=body.text,
            url=body.url,
            done_on=body.done_on or day_of(now),
            by=account(actor),
            at=now,
        ),
        actor=actor,
        repeat=key,
    )
    return answer_of(answer, location=f"/v1/activities/{activity}")


@activities.post(
    "/{activity}/evidence/{number}/withdraw",
    operation_id="withdraw_evidence",
    responses=answers(ActivityAnswer, tagged=True),
)
async def withdraw_evidence(
    activity: ActivityId,
    number: EvidenceNumber,
    body: WithdrawBody,
    actor: Withdrawer,
    *,
    uses: Uses,
    expected: ExpectedRevision,
    key: Idempotency,
) -> Response:
    """Отозвать ошибочное подтверждение и сказать почему: оно остаётся видно, но исполнением больше не считается."""
    given = Given(activity, body.municipality, expected)
    answer = await uses.executing.withdraw(
        given,
        number,
        lambda now: Withdrawn(reason=body.reason, by=account(actor), at=now),
        actor=actor,
        repeat=key,
    )
    return answer_of(answer)


@activities.post("/{activity}/decline", operation_id="decline_activity", responses=answers(ActivityAnswer, tagged=True))
async def decline_activity(
    activity: ActivityId,
    body: DeclineBody,
    actor: Decliner,
    uses: Uses,
    *,
    expected: ExpectedRevision,
    key: Idempotency,
) -> Response:
    """Ответить, что муниципалитет не участвует, с какого дня и почему; тот же ответ ничего не меняет.

    Другой ответ заменяет прежний. Исполненное раньше этого дня остаётся исполненным; если есть подтверждение исполнения
    в этот день или позже — 409 `activity-has-evidence`.
    """
    given = Given(activity, body.municipality, expected)
    answer = await uses.executing.decline(
        given,
        lambda now: Declined(reason=body.reason, on=body.on or day_of(now), by=account(actor), at=now),
        dated=body.on is not None,
        actor=actor,
        repeat=key,
    )
    return answer_of(answer)
