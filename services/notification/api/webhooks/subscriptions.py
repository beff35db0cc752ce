"""The door `/v1/subscriptions`: every way in which the caller is told of changes."""

from typing import Annotated, Any, get_args

from fastapi import Depends, Request, Response

from services.notification.api.told import ItemKind
from services.notification.api.webhooks.bodies import KINDS
from services.notification.api.webhooks.doors import Uses, webhooks_after
from services.notification.api.webhooks.shown import show_municipality
from services.notification.api.webhooks.told import SubscriptionPage
from services.notification.domain.webhooks import Webhook
from services.notification.usecases.webhooks import LEFT_OUT, heard
from shared.kernel import Forbidden
from shared.policy import Actor, scope_of
from shared.web import Cursor, Limit, answers, may, page, router, write_cursor

# What a person has without asking for it, and the action that it needs.
STANDING: dict[str, tuple[str, tuple[str, ...]]] = {
    "inbox": ("inbox.read", get_args(ItemKind)),
    "stream": ("stream.read", (*KINDS, *LEFT_OUT)),
}

router_of_subscriptions = router(tag="Подписки")


@router_of_subscriptions.get(
    "/v1/subscriptions",
    operation_id="list_subscriptions",
    summary="Как вас извещают: входящие, живая лента, вебхуки",
    responses=answers(SubscriptionPage),
)
async def list_subscriptions(
    request: Request,
    actor: Annotated[Actor, Depends(may("webhook.read"))],
    uses: Uses,
    *,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Входящие и лента есть у каждого, кому они открыты; вебхуки — по регистрации, старые первыми."""
    found = await uses.page(scope_of(actor, "webhook.read"), after=webhooks_after(cursor), limit=limit)
    following = write_cursor("webhooks", found[limit - 1].id) if len(found) > limit else None
    standing = [] if cursor else _standing(actor)
    names, today = await uses.called()
    shown = [
        {**one, "municipality": show_municipality(one["municipality"], names, today)}
        for one in (*standing, *map(_of_webhook, found[:limit]))
    ]
    return page(request, shown, following=following)


def _standing(actor: Actor) -> list[dict[str, Any]]:
    return [_shown(actor, channel, kinds) for channel, (action, kinds) in STANDING.items() if _has(actor, action)]


def _has(actor: Actor, action: str) -> bool:
    try:
        scope_of(actor, action)
    except Forbidden:
        return False
    return True


def _shown(actor: Actor, channel: str, kinds: tuple[str, ...]) -> dict[str, Any]:
    municipality = scope_of(actor, STANDING[channel][0]).attributes.get("municipality")
    return {
        "id": channel,
        "channel": channel,
        "kinds": list(kinds),
        "municipality": municipality,
        "url": f"/v1/{channel}",
        "state": "active",
    }


def _of_webhook(webhook: Webhook) -> dict[str, Any]:
    return {
        "id": webhook.id,
        "channel": "webhook",
        "kinds": list(heard(webhook)),
        "municipality": webhook.municipality,
        "url": webhook.url,
        "state": webhook.state,
    }
