"""What is kept of schools: which wait to be judged, where they stand, the threshold sets."""

from services.scoring.store.schools.noting import note_described, note_schools
from services.scoring.store.schools.schemas import SCHOOL_SCHEMAS
from services.scoring.store.schools.standings import StandingStore

__all__ = ["SCHOOL_SCHEMAS", "StandingStore", "note_described", "note_schools"]
