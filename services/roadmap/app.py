"""Wires the road maps: settings in, application out; nothing connects here."""

from fastapi import FastAPI

from services.roadmap import consumers
from services.roadmap.events import RecommendationDrafted, RecommendationIssued
from services.roadmap.store import Store
from services.roadmap.usecases import Roadmap
from shared.service import Service
from shared.settings import Settings, load


def create(settings: Settings | None = None) -> FastAPI:
    """The application of road maps."""
    service = Service("roadmap", settings or load(), title="Дорожные карты")
    uses = Roadmap(Store(service.database))
    service.listen(*consumers.listeners(uses))
    return service.app(uses, routers=(), tells=(RecommendationDrafted, RecommendationIssued), hears=consumers.HEARS)
