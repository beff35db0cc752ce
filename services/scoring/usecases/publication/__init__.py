"""Publication of ratings: editions from draft to act, the right of reply, files, signatures, reproduction."""

from services.scoring.usecases.ports import Keeps
from services.scoring.usecases.publication.acting import Acting
from services.scoring.usecases.publication.computing import Computing
from services.scoring.usecases.publication.looking import Looking
from services.scoring.usecases.publication.measures import Measuring
from services.scoring.usecases.publication.naming import By, Named
from services.scoring.usecases.publication.objecting import Objecting
from services.scoring.usecases.publication.papers import Papers, Publishing
from services.scoring.usecases.publication.previewing import Previewing
from services.scoring.usecases.publication.published import Published
from services.scoring.usecases.publication.reproducing import Reproducing
from services.scoring.usecases.state import State
from shared.ports import Clock

__all__ = ["By", "Named", "Publication", "Published", "Publishing"]


class Publication:
    """All that can be done with editions of ratings."""

    def __init__(self, store: Keeps, state: State, *, publishing: Publishing, clock: Clock) -> None:
        papers = Papers(store, publishing)
        self.published = Published(store, state, Computing(store, state))
        self.acting = Acting(store, state, self.published, papers=papers, clock=clock)
        self.previewing = Previewing(store, state, clock=clock)
        self.objecting = Objecting(store, state)
        self.looking = Looking(store, papers, publishing)
        self.reproducing = Reproducing(store, state)
        self.measuring = Measuring(store, clock=clock)
