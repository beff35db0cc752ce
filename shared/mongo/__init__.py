"""MongoDB behind a small typed interface: the only package that knows motor (see docs/adr on its exit)."""

from pymongo import ASCENDING, DESCENDING, DeleteMany, DeleteOne, InsertOne, ReplaceOne, UpdateMany, UpdateOne
from pymongo.errors import DuplicateKeyError

from shared.mongo.client import Database, Mongo
from shared.mongo.schema import Index, Schema
from shared.mongo.transaction import Document, Fenced, Tx

__all__ = [
    "ASCENDING",
    "DESCENDING",
    "Database",
    "DeleteMany",
    "DeleteOne",
    "Document",
    "DuplicateKeyError",
    "Fenced",
    "Index",
    "InsertOne",
    "Mongo",
    "ReplaceOne",
    "Schema",
    "Tx",
    "UpdateMany",
    "UpdateOne",
]
