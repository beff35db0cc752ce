"""The road maps' database: plans and what became of them, recommendations, and what others told."""

from services.roadmap.store.advice import AdviceStore
from services.roadmap.store.following import FollowingStore
from services.roadmap.store.plans import PlanStore
from services.roadmap.store.schemas import SCHEMAS
from shared.mongo import Database


class Store:
    """All three parts over one database."""

    def __init__(self, database: Database) -> None:
        self.following = FollowingStore(database)
        self.plans = PlanStore(database)
        self.advice = AdviceStore(database)


__all__ = ["SCHEMAS", "Store"]
