"""Scoring's database: facts, cards, editions of the methodology, names, told ratings, published editions."""

from services.scoring.store.acts import ActStore
from services.scoring.store.analytics import AnalyticsStore
from services.scoring.store.cards import CardStore
from services.scoring.store.community import CommunityStore
from services.scoring.store.publication import SCHEMAS as PUBLICATION
from services.scoring.store.publication import EditionStore, Signer
from services.scoring.store.registers import RegisterStore, kept_home
from services.scoring.store.scales import ScaleStore
from services.scoring.store.schemas import SCHEMAS as SCORES
from services.scoring.store.schools import SchoolStore
from services.scoring.store.told import ToldStore
from shared.mongo import Database

__all__ = ["SCHEMAS", "Signer", "Store", "kept_home"]

SCHEMAS = (*SCORES, *PUBLICATION)


class Store(
    ActStore,
    AnalyticsStore,
    CardStore,
    CommunityStore,
    EditionStore,
    RegisterStore,
    ScaleStore,
    SchoolStore,
    ToldStore,
):
    """Everything scoring keeps; what says no region is of the `home` one."""

    def __init__(self, database: Database, *, home: str) -> None:
        self._db = database
        self.home = home
