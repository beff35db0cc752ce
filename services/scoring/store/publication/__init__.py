"""Editions of ratings in the store: states, objections, contents and files that never change."""

from services.scoring.store.publication.editions import EditionStore
from services.scoring.store.publication.schemas import SCHEMAS
from services.scoring.store.publication.signing import Signer

__all__ = ["SCHEMAS", "EditionStore", "Signer"]
