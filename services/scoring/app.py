"""Wires scoring: settings in, application out; nothing connects here."""

import asyncio
from pathlib import Path

import yaml
from fastapi import FastAPI

from services.scoring import consumers, events
from services.scoring.api import ROUTERS
from services.scoring.domain.publication.passport import Publisher
from services.scoring.store import SCHEMAS, Signer, Store
from services.scoring.usecases import Publishing, Scoring
from shared.pace import Pace
from shared.service import Service
from shared.settings import Settings, load

TELLS = (
    events.ScoreChanged,
    events.RatingChanged,
    events.ScaleMoved,
    events.SchoolListed,
    events.SchoolDelisted,
    events.AnalyticsFinished,
    events.EditionDrafted,
    events.EditionFrozen,
    events.EditionPublished,
    events.EditionWithdrawn,
    events.ObjectionRaised,
    events.ObjectionAnswered,
    events.ScoreDrafted,
    events.ScorePublished,
    events.ScoreWithdrawn,
)
OPEN_DATA = Path(__file__).resolve().parents[2] / "data" / "open_data.yaml"
RATING_PACE = 0.25
# Under load only: what changed while all was quiet is read at once. Rules that could not be applied are tried again.
SETTLE_PACE, MISSED_PACE = 0.25, 2.0
SCHOOL_PACE = 0.5
REGULARLY = 20.0
# Looking at every school of a year takes seconds; it may have a fifth of the time.
SIGN_PACE, SIGN_SHARE, SIGN_MOST = 2.0, 0.2, 60.0


def create(settings: Settings | None = None) -> FastAPI:
    """Scoring's application."""
    chosen = settings or load()
    service = Service("scoring", chosen, title="Баллы и рейтинги", schemas=SCHEMAS)
    uses = Scoring(Store(service.database, home=chosen.region), clock=service.clock, publishing=_publishing(chosen))
    service.listen(*consumers.listeners(uses))
    service.warm(uses.start)
    settled, missed = Pace(uses.state.settle, every=SETTLE_PACE), Pace(uses.settling.again, every=MISSED_PACE)
    uses.state.unsettled, uses.settling.missed = settled.wake, missed.wake
    for work in (settled.run, missed.run, uses.state.follow_cards, uses.settling.follow):
        service.background(work)
    if chosen.works:
        _work(service, uses)
    return service.app(uses, routers=ROUTERS, tells=TELLS, hears=consumers.HEARS)


def _publishing(settings: Settings) -> Publishing:
    """The signature of what is published, where the platform was given a key, and who publishes."""
    key, publisher = settings.signing_key, Publisher.of(yaml.safe_load(OPEN_DATA.read_text(encoding="utf-8")))
    return Publishing(Signer(key.get_secret_value()) if key else None, publisher, settings.public_url)


def _work(service: Service, uses: Scoring) -> None:
    """Moved ranks are told, publication is measured; lists follow results at once, signs of bias at a slower pace."""

    async def regularly() -> None:
        judged.wake("")  # what another process wrote, or left unfinished, wakes nobody here
        await uses.publication.measuring.measure()
        await asyncio.sleep(REGULARLY)

    told = Pace(uses.telling.tell_rating, every=RATING_PACE)
    judged = Pace(uses.schools.judging.judge, every=SCHOOL_PACE)
    looked = Pace(uses.schools.looking.look, every=SIGN_PACE, share=SIGN_SHARE, most=SIGN_MOST)
    uses.state.moved, uses.state.school_news, uses.state.schools_judged = told.wake, judged.wake, looked.wake
    for work in (regularly, told.run, judged.run, looked.run):
        service.background(work)
