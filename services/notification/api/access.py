"""What the doors share: the use cases of the request, and what its actor may see."""

from typing import Annotated

from fastapi import Query, Request

from services.notification.usecases import Notification
from shared.policy import Actor, Scope, decide, scope_of

Municipality = Annotated[
    str | None, Query(max_length=100, description="id муниципалитета или код ОКТМО; без него — все доступные")
]


async def uses_of(request: Request) -> Notification:
    """The use cases of this process."""
    found: Notification = request.app.state.uses
    return found


async def named(
    uses: Notification, actor: Actor, action: str, municipality: str | None, *, period: str | None = None
) -> str | None:
    """The id of the municipality asked for; Forbidden where it is not the actor's, Refused where there is none.

    Whose own id the registry has not told yet is not refused it.
    """
    if municipality is None:
        return None
    key = await uses.inbox.municipality(municipality, period)
    decide(actor, action, {"municipality": key})
    if key != actor.attributes.get("municipality"):
        await uses.inbox.check_there(key, municipality)
    return key


async def narrowed(uses: Notification, actor: Actor, action: str, municipality: str | None) -> Scope:
    """What the actor may see, narrowed to the municipality asked for, as `named` says."""
    key = await named(uses, actor, action, municipality)
    return scope_of(actor, action) if key is None else Scope(everything=False, attributes={"municipality": key})
