"""What can be asked about schools; never by the public."""

from services.scoring.usecases.schools.clusters import Clusters
from services.scoring.usecases.schools.judging import Judging
from services.scoring.usecases.schools.listing import Listing
from services.scoring.usecases.schools.looking import Looking
from services.scoring.usecases.schools.pairs import Pairs
from services.scoring.usecases.schools.ports import KeepsSchools
from services.scoring.usecases.schools.profile import Profiles
from services.scoring.usecases.schools.results import SchoolResults
from services.scoring.usecases.schools.signs import Signs
from services.scoring.usecases.schools.thresholds import ThresholdSets
from services.scoring.usecases.state import State
from shared.ports import Clock

__all__ = ["KeepsSchools", "Schools"]


class Schools:
    """The use cases of schools, by what they are about."""

    def __init__(self, store: KeepsSchools, state: State, *, clock: Clock) -> None:
        self.thresholds = ThresholdSets(store, state, clock=clock)
        self.looking = Looking(store, self.thresholds, clock=clock)
        self.judging = Judging(store, state)
        self.clusters = Clusters(store, state)
        self.signs = Signs(store, state, self.thresholds)
        self.listing = Listing(store, state, self.thresholds)
        self.pairs = Pairs(store, state, self.listing)
        self.results = SchoolResults(store, state)
        self.profiles = Profiles(store, self.listing, self.signs)
