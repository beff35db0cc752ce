"""Wires scoring: settings in, application out; nothing connects here."""

from fastapi import FastAPI

from services.scoring import consumers
from services.scoring.api import ROUTERS
from services.scoring.events import (
    AnalyticsFinished,
    RatingChanged,
    ScaleMoved,
    SchoolDelisted,
    SchoolListed,
    ScoreChanged,
)
from services.scoring.store import Store
from services.scoring.usecases import Scoring
from shared.pace import Pace
from shared.service import Service
from shared.settings import Settings, load

RATING_PACE = 0.25
SETTLE_PACE = 0.05
SCHOOL_PACE = 0.5


def create(settings: Settings | None = None) -> FastAPI:
    """Scoring's application."""
    service = Service("scoring", settings or load(), title="Баллы и рейтинги")
    uses = Scoring(Store(service.database), clock=service.clock)
    service.listen(*consumers.listeners(uses))
    service.warm(uses.load)
    if service.settings.works:
        told = Pace(uses.telling.tell_rating, every=RATING_PACE)
        uses.state.moved = told.wake
        service.background(told.run)
    settled = Pace(uses.state.settle, every=SETTLE_PACE)
    uses.state.unsettled = settled.wake
    service.background(settled.run)
    service.background(uses.state.follow_cards)
    service.background(uses.editions.follow)
    if service.settings.works:
        judged = Pace(uses.schools.judging.judge, every=SCHOOL_PACE)
        uses.state.school_news = judged.wake
        judged.wake("")
        service.background(judged.run)
    tells = (ScoreChanged, RatingChanged, ScaleMoved, SchoolListed, SchoolDelisted, AnalyticsFinished)
    return service.app(uses, routers=ROUTERS, tells=tells, hears=consumers.HEARS)
