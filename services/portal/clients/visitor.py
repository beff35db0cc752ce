"""The address that a request came from, told to the services: they limit by it the rate of those without a token."""

from collections.abc import Mapping
from contextvars import ContextVar

from starlette.types import ASGIApp, Receive, Scope, Send

_ADDRESS: ContextVar[str] = ContextVar("visitor_address", default="")


def forwarded() -> Mapping[str, str]:
    """The header that names the visitor of the request being answered; none outside of one."""
    address = _ADDRESS.get()
    return {"X-Forwarded-For": address} if address else {}


class VisitorLayer:
    """Remembers the address for as long as the request is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = _ADDRESS.set(scope["client"][0] if scope.get("client") else "")
        try:
            await self._app(scope, receive, send)
        finally:
            _ADDRESS.reset(token)
