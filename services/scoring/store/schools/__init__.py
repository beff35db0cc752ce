"""What is kept of schools: which wait to be judged, where they stand, the threshold sets."""

from services.scoring.store.schools.clusters import ClusterStore
from services.scoring.store.schools.noting import note_described, note_schools
from services.scoring.store.schools.results import SchoolResultStore
from services.scoring.store.schools.signs import SignStore
from services.scoring.store.schools.standings import StandingStore

__all__ = ["SchoolStore", "note_described", "note_schools"]


class SchoolStore(StandingStore, SignStore, SchoolResultStore, ClusterStore):
    """Everything that is kept of schools."""
