"""Wires the portal: no database and no Kafka, only the other services over HTTP."""

import asyncio

from fastapi import FastAPI

from services.portal import views
from services.portal.clients import SERVICES, Services
from shared.service import Service
from shared.settings import Settings, load


def create(settings: Settings | None = None) -> FastAPI:
    """The portal's application."""
    found = settings or load()
    service = Service("portal", found, title="Портал", database=False)
    services = Services({name: f"http://127.0.0.1:{found.port_base + offset}" for name, _, offset in SERVICES})

    async def connections() -> None:
        """Close the clients when the service stops."""
        try:
            await asyncio.Event().wait()
        finally:
            await services.close()

    service.background(connections)
    return service.app(services, routers=[views.router], tells=(), hears=())
