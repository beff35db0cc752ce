"""Wires the registry: settings in, application out; nothing connects here."""

from fastapi import FastAPI

from services.registry.api import ROUTERS
from services.registry.events import (
    MunicipalityChanged,
    MunicipalityRegistered,
    OrganizationChanged,
    OrganizationRegistered,
)
from services.registry.store import SCHEMAS, Store
from services.registry.usecases import Registry
from shared.service import Service
from shared.settings import Settings, load

TELLS = (MunicipalityRegistered, MunicipalityChanged, OrganizationRegistered, OrganizationChanged)


def create(settings: Settings | None = None) -> FastAPI:
    """The registry's application."""
    service = Service("registry", settings or load(), title="Реестр", schemas=SCHEMAS)
    uses = Registry(Store(service.database), clock=service.clock)
    return service.app(uses, routers=ROUTERS, tells=TELLS, hears=())
