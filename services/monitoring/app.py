"""Wires monitoring: settings in, application out; nothing connects here."""

from fastapi import FastAPI

from services.monitoring import consumers
from services.monitoring.api import ROUTERS
from services.monitoring.events import ProcedureDescribed, ResultAccepted, ResultCorrected, ResultWithdrawn
from services.monitoring.store import SCHEMAS, Store
from services.monitoring.usecases import Monitoring
from shared.service import Service
from shared.settings import Settings, load

TELLS = (ProcedureDescribed, ResultAccepted, ResultCorrected, ResultWithdrawn)


def create(settings: Settings | None = None) -> FastAPI:
    """Monitoring's application."""
    service = Service("monitoring", settings or load(), title="Мониторинг", schemas=SCHEMAS)
    uses = Monitoring(Store(service.database), clock=service.clock, ids=service.ids)
    service.listen(*consumers.listeners(uses))
    service.warm(uses.directing.load)
    service.background(uses.directing.follow)
    return service.app(uses, routers=ROUTERS, tells=TELLS, hears=consumers.HEARS)
