"""Wires the portal: no database and no Kafka, only the other services over HTTP."""

import asyncio
from pathlib import Path

from fastapi import FastAPI

from services.portal import signin
from services.portal.clients import Services, VisitorLayer, addresses_of
from services.portal.directory import Directory
from services.portal.failures import add_failures
from services.portal.page import Portal
from services.portal.pages import ROUTERS
from services.portal.session import SessionLayer, Sessions
from services.portal.show.region import read_places
from shared.service import Service
from shared.settings import Settings, load

PACK = Path(__file__).resolve().parents[2] / "data" / "municipalities_chelyabinsk.csv"


def create(settings: Settings | None = None) -> FastAPI:
    """The portal's application."""
    found = settings or load()
    service = Service("portal", found, title="Портал", schemas=None)
    portal = Portal(
        settings=found,
        services=Services(addresses_of(found)),
        sessions=Sessions(found, service.clock),
        directory=Directory(service.clock, read_places(PACK.read_text(encoding="utf-8"))),
        clock=service.clock,
    )

    async def connections() -> None:
        """Close the clients when the service stops."""
        try:
            await asyncio.Event().wait()
        finally:
            await portal.directory.close()
            await portal.services.close()

    service.background(connections)
    app = service.app(portal, routers=[signin.router, *ROUTERS], tells=(), hears=())
    app.state.provider = signin.Provider(found, service.clock)
    app.add_middleware(SessionLayer, sessions=portal.sessions)
    app.add_middleware(VisitorLayer)
    add_failures(app)
    return app
