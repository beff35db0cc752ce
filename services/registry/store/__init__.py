"""The registry's database: documents to states and back, imports in one transaction, lists for readers."""

from services.registry.store.municipalities import MUNICIPALITIES, MunicipalityStore
from services.registry.store.organizations import ORGANIZATIONS, OrganizationStore
from shared.mongo import Database, Schema

SCHEMAS: tuple[Schema, ...] = (MUNICIPALITIES, ORGANIZATIONS)

__all__ = ["SCHEMAS", "Store"]


class Store:
    """Both collections of the registry."""

    def __init__(self, database: Database) -> None:
        self.municipalities = MunicipalityStore(database)
        self.organizations = OrganizationStore(database)
