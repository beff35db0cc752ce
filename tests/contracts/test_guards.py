"""Who may not do something is told so before a byte of the body is read, at every door of every service."""

import re
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.types import Message

from shared.policy import Actor, the_policy
from shared.web import actions_of
from tests.contracts.applications import applications

STRANGER = Actor(role="none", subject="stranger")
DOORS = [
    pytest.param(application, method, route, id=f"{service} {method} {route.path_format}")
    for service, application in applications().items()
    for route in application.routes
    if isinstance(route, APIRoute)
    for method in sorted(route.methods - {"GET", "HEAD", "OPTIONS"})
    if not all("everyone" in the_policy().actions[action] for action in actions_of(route))
]


class Strangers:
    """Believes every token and knows nobody by it."""

    def known(self, authorization: str | None) -> Actor | None:
        return STRANGER if authorization else None


async def asked(application: FastAPI, method: str, route: APIRoute, *headers: tuple[bytes, bytes]) -> int:
    """The status of an answer to a large body of which nothing may be read."""

    async def receive() -> Message:
        raise AssertionError(f"{method} {route.path}: the body was read")

    told: list[Message] = []

    async def send(message: Message) -> None:
        told.append(message)

    path = re.sub(r"\{[^}]+\}", "x", route.path_format)
    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode(), "root_path": "", "query_string": b"", "server": ("s", 80),
        "client": ("c", 1), "headers": [(b"host", b"s"), (b"content-type", b"application/json"), *headers],
    }  # fmt: skip
    await application(scope, receive, send)
    return int(told[0]["status"])


@pytest.mark.parametrize(("application", "method", "route"), DOORS)
async def test_the_body_of_a_stranger_is_not_read(
    application: FastAPI, method: str, route: APIRoute, monkeypatch: pytest.MonkeyPatch
):
    nobody = await asked(application, method, route)
    assert nobody == 401
    monkeypatch.setattr(application.state, "tokens", Strangers(), raising=False)
    somebody = await asked(application, method, route, (b"authorization", b"Bearer x"), (b"idempotency-key", b"k"))
    assert somebody == 403
