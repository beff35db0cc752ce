"""What scoring can do, by the names that its doors call."""

from typing import Protocol

from services.scoring.usecases.analytics import Analytics
from services.scoring.usecases.applying import Applying, Statement
from services.scoring.usecases.batches import Batches
from services.scoring.usecases.community import Community
from services.scoring.usecases.comparing import Beside, Comparing, Side
from services.scoring.usecases.methodologies import Methodologies
from services.scoring.usecases.planning import Planning
from services.scoring.usecases.ports import Keeps
from services.scoring.usecases.publication import By, Named, Publication, Publishing
from services.scoring.usecases.ratings import Ratings, Wanted
from services.scoring.usecases.recounts import Recounts
from services.scoring.usecases.scales import Scales
from services.scoring.usecases.schools import KeepsSchools, Schools
from services.scoring.usecases.scores import Scores
from services.scoring.usecases.settling import Settling
from services.scoring.usecases.state import State
from services.scoring.usecases.telling import Telling
from services.scoring.usecases.trends import Trends
from shared.ports import Clock

__all__ = ["Beside", "By", "Named", "Publishing", "Scoring", "Side", "Statement", "Wanted"]

UNSIGNED = Publishing()


class KeepsAll(Keeps, KeepsSchools, Protocol):
    """Everything scoring keeps, of municipalities and of schools."""


class Scoring:
    """The use cases of one process over one state in memory."""

    def __init__(self, store: KeepsAll, *, clock: Clock, publishing: Publishing = UNSIGNED) -> None:
        self.clock = clock
        self.state = State(store)
        self.recounts = Recounts(store, self.state)
        self.batches = Batches(store, self.state, mend=self.recounts.mend)
        self.settling = Settling(store, self.state, self.recounts)
        self.methodologies = Methodologies(store, self.state, self.settling, clock=clock)
        self.applying = Applying(store, self.state, self.settling, clock=clock)
        self.publication = Publication(store, self.state, publishing=publishing, clock=clock)
        self.ratings = Ratings(store, self.state, self.publication.published)
        self.scores = Scores(store, self.state)
        self.trends = Trends(self.state, self.publication.published)
        self.scales = Scales(store, self.state)
        self.comparing = Comparing(self.scores)
        self.planning = Planning(store, self.scores)
        self.telling = Telling(store, self.state)
        self.community = Community(store, self.state)
        self.schools = Schools(store, self.state, clock=clock)
        self.analytics = Analytics(store, self.state, clock=clock)

    async def start(self) -> None:
        """What a service does before it is ready; who only works on its database does `load`."""
        await self.load(hold=True)

    async def load(self, *, hold: bool = False) -> None:
        """Read what a process must know; SettingsWrong where the home region is to be held and is another."""
        await self.state.load(hold=hold)
        await self.settling.resume()
