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


async def narrowed(uses: Notification, actor: Actor, action: str, municipality: str | None) -> Scope:
    """What the actor may see, narrowed to the municipality asked for; Forbidden where that is not the actor's."""
    if municipality is None:
        return scope_of(actor, action)
    key = await uses.inbox.municipality(municipality)
    decide(actor, action, {"municipality": key})
    return Scope(everything=False, attributes={"municipality": key or municipality})
