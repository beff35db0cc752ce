"""The doors of webhooks: `/v1/webhooks`, `/v1/deliveries`."""

from datetime import timedelta
from typing import Annotated, Literal

from fastapi import Depends, Path, Query, Request, Response

from services.notification.api.webhooks.bodies import ReplayBody, RotateBody, StateBody, WebhookBody
from services.notification.api.webhooks.shown import (
    show_delivery,
    show_replayed,
    show_tested,
    show_told,
    show_webhook,
)
from services.notification.api.webhooks.told import (
    DeliveryPage,
    ReplayedShown,
    Tested,
    WebhookPage,
    WebhookShown,
    WebhookTold,
)
from services.notification.domain.webhooks import Asked, Wanted, Webhook
from services.notification.usecases.webhooks import Webhooks
from shared.policy import Actor, Scope, scope_of
from shared.web import (
    Cursor,
    ExpectedRevision,
    Idempotency,
    JsonAnswer,
    Limit,
    NamedRevision,
    answers,
    created,
    may,
    page,
    read_cursor,
    revision_tag,
    router,
    write_cursor,
)

router_of_webhooks = router(tag="Вебхуки")


def _uses(request: Request) -> Webhooks:
    found: Webhooks = request.app.state.webhooks
    return found


Uses = Annotated[Webhooks, Depends(_uses)]
Reader = Annotated[Actor, Depends(may("webhook.read"))]
Manager = Annotated[Actor, Depends(may("webhook.manage"))]
WebhookId = Annotated[str, Path(max_length=100, description="id вебхука")]


@router_of_webhooks.post(
    "/v1/webhooks",
    operation_id="register_webhook",
    summary="Новый вебхук",
    status_code=201,
    responses=answers(WebhookTold, 201, tagged=True),
)
async def register_webhook(told: WebhookBody, actor: Manager, uses: Uses, key: Idempotency) -> Response:
    """Регистрирует адрес; `secret` показывается только в этом ответе. Слышны события после регистрации.

    `kinds` — только то, что роль может прочитать и сама: проекты редакций и возражения системам не открыты.
    """
    wanted = Wanted(told.url, tuple(told.kinds or ()), told.municipality)
    made = await uses.register(wanted, _managed(actor), key)
    shown = show_told(made, *await uses.called())
    return created(shown, location=f"/v1/webhooks/{made.webhook.id}", revision=made.webhook.revision)


@router_of_webhooks.get("/v1/webhooks", operation_id="list_webhooks", summary="Вебхуки", responses=answers(WebhookPage))
async def list_webhooks(
    request: Request, actor: Reader, uses: Uses, *, cursor: Cursor = None, limit: Limit = 50
) -> Response:
    """Свои вебхуки (министерству и оператору — все), старые первыми."""
    found = await uses.page(scope_of(actor, "webhook.read"), after=webhooks_after(cursor), limit=limit)
    following = write_cursor("webhooks", found[limit - 1].id) if len(found) > limit else None
    names, today = await uses.called()
    return page(request, [show_webhook(one, names, today) for one in found[:limit]], following=following)


@router_of_webhooks.get(
    "/v1/webhooks/{webhook}",
    operation_id="read_webhook",
    summary="Один вебхук",
    responses=answers(WebhookShown, tagged=True),
)
async def read_webhook(webhook: WebhookId, actor: Reader, uses: Uses) -> Response:
    """Состояние вебхука без секрета; `ETag` — его версия."""
    return await _shown(uses, await uses.one(scope_of(actor, "webhook.read"), webhook))


@router_of_webhooks.patch(
    "/v1/webhooks/{webhook}",
    operation_id="change_webhook",
    summary="Приостановить или возобновить",
    responses=answers(WebhookShown, tagged=True),
)
async def change_webhook(
    webhook: WebhookId, told: StateBody, actor: Manager, uses: Uses, *, expected: ExpectedRevision
) -> Response:
    """Приостановленный ничего не теряет, пока события хранятся (7 дней); отключённый (410) возобновляется так же."""
    return await _shown(uses, await uses.put(_managed(actor), webhook, told.state, expected=expected))


@router_of_webhooks.delete(
    "/v1/webhooks/{webhook}",
    operation_id="remove_webhook",
    summary="Удалить вебхук",
    responses=answers(WebhookShown),
)
async def remove_webhook(webhook: WebhookId, actor: Manager, uses: Uses, *, expected: NamedRevision) -> Response:
    """Удаляет вебхук и его доставки; отвечает, каким он был. С `If-Match` — только прочитанную версию."""
    removed = await uses.remove(_managed(actor), webhook, expected=expected)
    return JsonAnswer(show_webhook(removed, *await uses.called()))


@router_of_webhooks.post(
    "/v1/webhooks/{webhook}/rotate",
    operation_id="rotate_webhook_secret",
    summary="Сменить секрет",
    responses=answers(WebhookTold, tagged=True),
)
async def rotate_webhook_secret(
    webhook: WebhookId,
    actor: Manager,
    uses: Uses,
    *,
    expected: ExpectedRevision,
    key: Idempotency,
    told: RotateBody | None = None,
) -> Response:
    """Новый секрет; до `overlap_until` сообщения подписаны и прежним. Без тела — сутки."""
    overlap = timedelta(hours=(told or RotateBody()).overlap_hours)
    made = await uses.rotate(_managed(actor), webhook, overlap=overlap, expected=expected, repeat=key)
    return JsonAnswer(show_told(made, *await uses.called()), headers={"ETag": revision_tag(made.webhook.revision)})


@router_of_webhooks.post(
    "/v1/webhooks/{webhook}/test",
    operation_id="test_webhook",
    summary="Послать проверочное сообщение",
    responses=answers(Tested),
)
async def test_webhook(webhook: WebhookId, actor: Manager, uses: Uses) -> Response:
    """Посылает подписанное сообщение `test` сейчас же и показывает ответ приёмника."""
    return JsonAnswer(show_tested(await uses.test(_managed(actor), webhook)))


@router_of_webhooks.post(
    "/v1/webhooks/{webhook}/replay",
    operation_id="replay_webhook",
    summary="Доставить снова",
    responses=answers(ReplayedShown),
)
async def replay_webhook(webhook: WebhookId, told: ReplayBody, actor: Manager, uses: Uses) -> Response:
    """Доставляет снова с номера или момента; `webhook-id` прежние. Что ещё ждёт доставки, не удваивается."""
    found = await uses.replay(_managed(actor), webhook, since=told.begin, limit=told.limit)
    return JsonAnswer(show_replayed(found))


@router_of_webhooks.get(
    "/v1/deliveries",
    operation_id="list_deliveries",
    summary="Доставки вебхуков",
    responses=answers(DeliveryPage),
)
async def list_deliveries(
    request: Request,
    actor: Reader,
    uses: Uses,
    *,
    webhook: Annotated[str | None, Query(max_length=100, description="id вебхука")] = None,
    state: Annotated[
        Literal["waiting", "delivered", "dead"] | None, Query(description="ждёт, доставлено, оставлено")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Доставки своих вебхуков, новые первыми, с попытками; законченные хранятся 30 дней."""
    asked = Asked(webhook=webhook, state=state, before=_before(cursor), limit=limit)
    found = await uses.deliveries(scope_of(actor, "webhook.read"), asked)
    last = found[limit - 1] if len(found) > limit else None
    following = write_cursor("deliveries", [last.number, last.webhook]) if last else None
    return page(request, [show_delivery(one) for one in found[:limit]], following=following)


def webhooks_after(cursor: str | None) -> str | None:
    """The id behind which a page of webhooks begins; Malformed for another list's cursor."""
    after: str | None = read_cursor("webhooks", cursor, str)
    return after


def _managed(actor: Actor) -> Scope:
    return scope_of(actor, "webhook.manage")


async def _shown(uses: Webhooks, webhook: Webhook) -> Response:
    return JsonAnswer(show_webhook(webhook, *await uses.called()), headers={"ETag": revision_tag(webhook.revision)})


def _before(cursor: str | None) -> tuple[int, str] | None:
    place = read_cursor("deliveries", cursor, int, str)
    return None if place is None else (place[0], place[1])
