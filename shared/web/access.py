"""The doors' guard: every endpoint names its action, and gets the actor who may do it."""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from shared.acting import Acting, act_as
from shared.auth import Tokens
from shared.policy import NOBODY, Actor, the_policy
from shared.turns import asks_for


async def current_actor(request: Request) -> Actor:
    """Who asks, by the bearer token; NOBODY without one."""
    authorization = request.headers.get("authorization")
    if authorization is None:
        asks_for(None)
        return NOBODY
    tokens: Tokens = request.app.state.tokens
    actor = tokens.known(authorization) or await tokens.actor(authorization)
    asks_for(None if actor.public else actor.subject)
    return actor


CurrentActor = Annotated[Actor, Depends(current_actor)]


class Guard:
    """A dependency that admits to one action; checks on the resource follow where the resource is known."""

    def __init__(self, action: str) -> None:
        if action not in the_policy().actions:
            raise LookupError(f"no such action in the policy: {action}")
        self.action = action

    async def __call__(self, request: Request) -> Actor:
        actor = await current_actor(request)
        the_policy().admits(actor, self.action)
        act_as(Acting(actor.role, actor.subject, self.action))
        return actor


def may(action: str) -> Guard:
    """The guard of an action, for `Annotated[Actor, Depends(may("thing.read"))]`."""
    return Guard(action)


def _calls(dependant: Dependant) -> Iterator[Any]:
    yield dependant.call
    for one in dependant.dependencies:
        yield from _calls(one)


def guards_of(route: APIRoute) -> tuple[Guard, ...]:
    """Every guard that stands at a route."""
    return tuple(call for call in _calls(route.dependant) if isinstance(call, Guard))


def actions_of(route: APIRoute) -> tuple[str, ...]:
    """Every action that a route names."""
    return tuple(guard.action for guard in guards_of(route))


def action_of(route: APIRoute) -> str | None:
    """The first action that a route names, None where it names none (a test fails on that)."""
    return next(iter(actions_of(route)), None)
