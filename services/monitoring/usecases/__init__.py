"""What monitoring can be asked to do."""

from datetime import date

from services.monitoring.usecases.directing import Directing
from services.monitoring.usecases.hearing import REPORTED, Hearing, Incoming, read_event
from services.monitoring.usecases.looking import Looking
from services.monitoring.usecases.ports import Stores
from services.monitoring.usecases.submitting import BATCH, Submitting
from shared.calendar import day_of
from shared.ports import Clock, Ids

__all__ = ["BATCH", "REPORTED", "Incoming", "Monitoring", "read_event"]


class Monitoring:
    """All use cases, over one directory."""

    def __init__(self, store: Stores, *, clock: Clock, ids: Ids) -> None:
        self.directing = Directing(store.catalogue)
        self.submitting = Submitting(store.results, self.directing, clock=clock)
        self.hearing = Hearing(store.results, self.directing, clock=clock, ids=ids)
        self.looking = Looking(store.results, store.refusals, self.directing, clock=clock)
        self._clock = clock

    def today(self) -> date:
        """The day it is in the region."""
        return day_of(self._clock())
