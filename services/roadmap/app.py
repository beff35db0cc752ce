"""Wires the road maps: settings in, application out; nothing connects here."""

import asyncio
import time

from fastapi import FastAPI

from services.roadmap import consumers
from services.roadmap.api import ROUTERS
from services.roadmap.events import (
    ActivityPlanned,
    ActivityReported,
    RecommendationAccepted,
    RecommendationConsidered,
    RecommendationDeclined,
    RecommendationDiscarded,
    RecommendationDrafted,
    RecommendationIssued,
)
from services.roadmap.store import SCHEMAS, Store
from services.roadmap.usecases import Roadmap
from shared.service import Service
from shared.settings import Settings, load

MEASURED_EVERY, MEASURED_SHARE = 15.0, 0.02
TELLS = (
    ActivityPlanned,
    ActivityReported,
    RecommendationDrafted,
    RecommendationIssued,
    RecommendationDiscarded,
    RecommendationConsidered,
    RecommendationAccepted,
    RecommendationDeclined,
)


def create(settings: Settings | None = None) -> FastAPI:
    """The application of road maps."""
    service = Service("roadmap", settings or load(), title="Дорожные карты", schemas=SCHEMAS)
    uses = Roadmap(Store(service.database), clock=service.clock, home=service.settings.region)
    service.listen(*consumers.listeners(uses))

    async def measured() -> None:
        await uses.planning.tell_untold()
        began = time.monotonic()
        await uses.measuring.measure()
        # It looks at all activities of all years: where that takes long it is done the more seldom.
        await asyncio.sleep(max(MEASURED_EVERY, (time.monotonic() - began) / MEASURED_SHARE))

    if service.settings.works:
        service.background(measured)
    return service.app(uses, routers=ROUTERS, tells=TELLS, hears=consumers.HEARS)
