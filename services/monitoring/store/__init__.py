"""Monitoring's collections: results with revisions, heard events, refusals, the directory."""

from services.monitoring.store.catalogue import Catalogue
from services.monitoring.store.refusals import Refusals
from services.monitoring.store.results import Results
from services.monitoring.store.schemas import SCHEMAS
from shared.mongo import Database

__all__ = ["SCHEMAS", "Store"]


class Store:
    """Everything monitoring keeps."""

    def __init__(self, database: Database) -> None:
        self.results = Results(database)
        self.catalogue = Catalogue(database)
        self.refusals = Refusals(database)
